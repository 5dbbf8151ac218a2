package org.fapipack.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fapipack.testkit.http.Json;

/** What the tests read in the compose file, line by line: it is written in YAML's block style, two blanks a level. */
record ComposeFile(List<String> lines) {

    private static final Pattern ENVIRONMENT = Pattern.compile("^ {6}([A-Z_]+): (.*)$");
    private static final Pattern DEFAULT = Pattern.compile("\\$\\{[A-Z_]+:-([^}]*)}");
    private static final Pattern GENERATED = Pattern.compile("\\./generated/([^:\\s]+)");

    static ComposeFile in(Path file) throws IOException {
        return new ComposeFile(Files.readAllLines(file));
    }

    /** The part about one service. */
    ComposeFile service(String name) {
        int start = lines.indexOf("  " + name + ":");
        if (start < 0) {
            throw new IllegalArgumentException("no service " + name);
        }
        return new ComposeFile(lines.subList(start + 1, lines.size()).stream()
                .takeWhile(line -> !line.matches("^ {0,2}\\w.*"))
                .toList());
    }

    /** All environment variables of a service, variables of compose at their defaults. */
    Map<String, String> environment(String service) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String line : service(service).lines()) {
            Matcher variable = ENVIRONMENT.matcher(line);
            if (variable.matches()) {
                String value = variable.group(2).replaceAll("^\"(.*)\"$", "$1");
                environment.put(variable.group(1), DEFAULT.matcher(value).replaceAll("$1"));
            }
        }
        return environment;
    }

    /** The words of a service's command, which is a JSON array. */
    List<String> command(String service) {
        return service(service).lines().stream()
                .filter(line -> line.startsWith("    command: "))
                .map(line -> Json.array(line.strip().substring("command: ".length())))
                .findFirst()
                .orElseThrow()
                .stream()
                .map(String.class::cast)
                .toList();
    }

    /** What a service sees of this machine, read-only: path in the container, and path relative to the compose file. */
    Map<String, String> readOnlyMounts(String service) {
        Map<String, String> mounts = new LinkedHashMap<>();
        for (String volume : service(service).items("volumes")) {
            String[] parts = volume.split(":", -1);
            if (parts.length == 3 && parts[2].equals("ro")) {
                mounts.put(parts[1], parts[0]);
            }
        }
        return mounts;
    }

    /** What {@code docker/prepare.sh} has to write for it, relative to the folder of generated files. */
    List<String> generatedFiles() {
        return lines.stream()
                .flatMap(line -> GENERATED.matcher(line).results())
                .map(path -> path.group(1))
                .toList();
    }

    /** The values of all lines {@code key: value} with this key. */
    List<String> values(String key) {
        return lines.stream()
                .map(String::strip)
                .filter(line -> line.startsWith(key + ": "))
                .map(line -> line.substring(key.length() + 2).replace("\"", ""))
                .toList();
    }

    /** The items of all lists with this key. */
    List<String> items(String key) {
        List<String> items = new ArrayList<>();
        boolean inside = false;
        for (String line : lines) {
            if (line.strip().startsWith("#")) {
                continue;
            }
            if (inside && line.strip().startsWith("- ")) {
                items.add(line.strip().substring(2).replace("\"", ""));
            } else {
                inside = line.strip().equals(key + ":");
            }
        }
        return items;
    }
}
