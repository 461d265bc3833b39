import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Restages pairs of stages from Java: rstage runs beside the program and answers each line with one line.
 *
 * <pre>java RestageByLine.java rstage &lt; pairs.tsv</pre>
 *
 * The arguments are the command that starts rstage. Standard input has the stage at diagnosis, a tab, and the
 * new assessment; blank where the cancer did not come back. Nothing but the JDK is needed.
 */
public final class RestageByLine {
    public static void main(String[] command) throws IOException, InterruptedException {
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (var rstage = new Restager(List.of(command))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                String[] pair = line.split("\t", -1);
                Map<String, String> answer = rstage.restage(pair[0], pair.length > 1 ? pair[1] : "");
                System.out.println(String.join("\t",
                    answer.get("restaged"), answer.get("restage_recurrence"), answer.get("restage_findings")));
            }
        }
    }

    /** A running rstage. It is used by one thread at a time; ask in pairs of one line out, one line in. */
    static final class Restager implements AutoCloseable {
        private final Process process;
        private final BufferedWriter questions;
        private final BufferedReader answers;

        Restager(List<String> command) throws IOException {
            var words = new ArrayList<>(command);
            words.addAll(List.of("restage", "-", "--input-format", "ndjson", "--diagnosis", "diagnosis",
                "--assessment", "assessment", "--no-link", "--quiet"));
            // What rstage says of a run goes to standard error. Somebody has to read it, or it fills up.
            process = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            questions = new BufferedWriter(
                new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
            answers = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        /** Returns the columns that rstage appends: `restaged`, `restage_recurrence`, `restage_findings`. */
        Map<String, String> restage(String diagnosis, String assessment) throws IOException {
            questions.write("{\"diagnosis\":" + quoted(diagnosis)
                + ",\"assessment\":" + quoted(assessment) + "}\n");
            questions.flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new IOException("rstage has ended; standard error says why");
            }
            return texts(answer);
        }

        /** Ends rstage: 0 is clean, 1 says that a line had a finding of severity error. */
        @Override
        public void close() throws IOException, InterruptedException {
            questions.close();
            int code = process.waitFor();
            if (code > 1) {
                throw new IOException("rstage ended with exit code " + code);
            }
        }
    }

    private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** Returns the pairs of an object whose values are texts, which is what is asked and appended here. */
    static Map<String, String> texts(String object) {
        var found = new LinkedHashMap<String, String>();
        Matcher text = TEXT.matcher(object);
        while (text.find()) {
            String key = unquoted(text.group(1));
            if (text.find()) {
                found.put(key, unquoted(text.group(1)));
            }
        }
        return found;
    }

    static String quoted(String text) {
        var written = new StringBuilder("\"");
        for (char one : text.toCharArray()) {
            if (one == '"' || one == '\\') {
                written.append('\\').append(one);
            } else if (one < ' ') {
                written.append(String.format("\\u%04x", (int) one));
            } else {
                written.append(one);
            }
        }
        return written.append('"').toString();
    }

    static String unquoted(String written) {
        var text = new StringBuilder();
        for (int place = 0; place < written.length(); place++) {
            char one = written.charAt(place);
            if (one != '\\') {
                text.append(one);
                continue;
            }
            char escaped = written.charAt(++place);
            int control = "bfnrt".indexOf(escaped);
            if (escaped == 'u') {
                text.append((char) Integer.parseInt(written.substring(place + 1, place + 5), 16));
                place += 4;
            } else {
                text.append(control < 0 ? escaped : "\b\f\n\r\t".charAt(control));
            }
        }
        return text.toString();
    }
}
