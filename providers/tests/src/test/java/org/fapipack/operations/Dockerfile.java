package org.fapipack.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The instructions of a Dockerfile, in order. */
record Dockerfile(List<Instruction> instructions) {

    /** For example {@code USER} and {@code 1000}. */
    record Instruction(String keyword, String arguments) {

        List<String> words() {
            return Arrays.asList(arguments.split("\\s+", -1));
        }
    }

    static Dockerfile in(Path file) throws IOException {
        String joined = Files.readString(file).replaceAll("\\\\\\R\\s*", "");
        return new Dockerfile(joined.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split(" ", 2))
                .map(parts -> new Instruction(parts[0], parts[1].strip()))
                .toList());
    }

    Stream<Instruction> all(String keyword) {
        return instructions.stream().filter(instruction -> instruction.keyword().equals(keyword));
    }

    Instruction last(String keyword) {
        return all(keyword).reduce((earlier, later) -> later).orElseThrow();
    }

    /** Names and values that ENV and ARG set. */
    Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        Stream.concat(all("ARG"), all("ENV"))
                .flatMap(instruction -> instruction.words().stream())
                .forEach(variable -> {
                    String[] parts = variable.split("=", 2);
                    variables.put(parts[0], parts.length == 2 ? parts[1] : "");
                });
        return variables;
    }

    /** The images it starts from, their variables replaced. */
    List<String> baseImages() {
        return all("FROM")
                .map(from -> from.words().get(0))
                .map(image -> {
                    String resolved = image;
                    for (Map.Entry<String, String> variable : variables().entrySet()) {
                        resolved = resolved.replace("${" + variable.getKey() + "}", variable.getValue());
                    }
                    return resolved;
                })
                .toList();
    }

    /** What it takes from the build context. */
    List<String> copiedFiles() {
        return all("COPY")
                .map(copy -> copy.words().stream()
                        .filter(word -> !word.startsWith("--"))
                        .toList())
                .flatMap(paths -> paths.subList(0, paths.size() - 1).stream())
                .filter(path -> !path.startsWith("/")) // from another stage
                .toList();
    }
}
