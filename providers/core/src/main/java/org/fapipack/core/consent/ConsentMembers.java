package org.fapipack.core.consent;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How the body of a consent is spelt in an ecosystem. All paths are inside {@code data}.
 *
 * @param data the member that holds the consent
 * @param permissions where a client says which it wants; where it cannot, it gets all there are
 * @param reason where the code goes that says why the consent ended
 * @param reasonDetail where the words go that say why
 * @param reasons where the list goes that says the same as those two, in an entry of the ecosystem's form
 * @param actor where the code goes that says who ended it
 * @param required members of {@code data} that a client must send
 * @param optional members of {@code data} that it may send; others are refused
 * @param besideData members beside {@code data} that it may send
 */
record ConsentMembers(
        String data,
        MemberPath id,
        MemberPath status,
        MemberPath created,
        MemberPath updated,
        Optional<MemberPath> end,
        Optional<MemberPath> permissions,
        Optional<MemberPath> reason,
        Optional<MemberPath> reasonDetail,
        Optional<MemberPath> reasons,
        Optional<MemberPath> actor,
        Set<String> required,
        Set<String> optional,
        Set<String> besideData) {

    /** Members that only the server writes. */
    List<MemberPath> ofTheServer() {
        return Stream.of(
                        Stream.of(id, status, created, updated),
                        reason.stream(),
                        reasonDetail.stream(),
                        reasons.stream(),
                        actor.stream())
                .flatMap(paths -> paths)
                .toList();
    }

    /** Whether a client may send this member of {@code data}. */
    boolean isOfTheClient(String name) {
        return required.contains(name) || optional.contains(name);
    }
}
