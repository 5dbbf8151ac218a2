package org.fapipack.testkit.server;

/** Name and password of an administrator in the master realm. */
public record Administrator(String username, String password) {

    @Override
    public String toString() {
        return "Administrator[" + username + "]";
    }
}
