// Computes links as docs/conformance.md specifies them, with nothing but the JDK (11 or later):
//
//     python -m rstage.conformance --task link --command 'java conformance/adapters/Link.java'
//
// To the extent possible under law, its authors have waived all rights to this file (CC0 1.0).

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class Link {
    private static final String[] STAGING = {"date", "id", "site", "stage", "text", "tumor_id"};

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Map<String, Object> ask = object(new Parser(line).value());
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("id", ask.get("id"));
            if ("link".equals(ask.get("task"))) {
                answer(ask, answer);
            } else {
                answer.put("unsupported", Boolean.TRUE);
            }
            out.println(canonical(answer));
        }
    }

    /** The three digests of a restaging, what each is made of, and the text of a cell. */
    private static void answer(Map<String, Object> ask, Map<String, Object> answer) throws GeneralSecurityException {
        byte[] key = ask.get("key") == null ? null : bytes((String) ask.get("key"));
        Map<String, Object> assessment = staging(object(ask.get("assessment")));
        String diagnosisJson = canonical(staging(object(ask.get("diagnosis"))));
        String assessmentJson = canonical(assessment);
        long version = key == null ? 1 : 2;
        Map<String, Object> restaging = new TreeMap<>();
        restaging.put("assessment", assessment);
        restaging.put("diagnosis", digest(diagnosisJson, key));
        for (String name : new String[] {"event", "previous", "recurrence", "recurrence_basis", "restaged"}) {
            restaging.put(name, ask.get(name));
        }
        restaging.put("version", version);
        String restagingJson = canonical(restaging);
        String last = digest(restagingJson, key);
        answer.put("diagnosis_json", diagnosisJson);
        answer.put("diagnosis", digest(diagnosisJson, key));
        answer.put("assessment_json", assessmentJson);
        answer.put("assessment", digest(assessmentJson, key));
        answer.put("restaging_json", restagingJson);
        answer.put("restaging", last);
        answer.put("cell", "r" + version + ":" + last);
    }

    private static Map<String, Object> staging(Map<String, Object> given) {
        Map<String, Object> made = new TreeMap<>();
        for (String name : STAGING) {
            made.put(name, given.get(name));
        }
        return made;
    }

    /** SHA-256, or HMAC-SHA-256 under the key, of a text in UTF-8, in lower-case hexadecimal digits. */
    private static String digest(String text, byte[] key) throws GeneralSecurityException {
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        byte[] made;
        if (key == null) {
            made = MessageDigest.getInstance("SHA-256").digest(data);
        } else {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            made = mac.doFinal(data);
        }
        StringBuilder hexadecimal = new StringBuilder();
        for (byte one : made) {
            hexadecimal.append(String.format("%02x", one));
        }
        return hexadecimal.toString();
    }

    private static byte[] bytes(String hexadecimal) {
        byte[] made = new byte[hexadecimal.length() / 2];
        for (int place = 0; place < made.length; place++) {
            made[place] = (byte) Integer.parseInt(hexadecimal.substring(2 * place, 2 * place + 2), 16);
        }
        return made;
    }

    // ---------------------------------------------------------------- JSON as RFC 8785 writes it

    private static String canonical(Object value) {
        if (value instanceof String) {
            return quoted((String) value);
        }
        List<String> parts = new ArrayList<>();
        if (value instanceof List) {
            for (Object one : (List<?>) value) {
                parts.add(canonical(one));
            }
            return "[" + String.join(",", parts) + "]";
        }
        if (value instanceof Map) {
            // The names of a link are ASCII, so that the order of a TreeMap is the one that is asked for.
            for (Map.Entry<?, ?> one : new TreeMap<>(object(value)).entrySet()) {
                parts.add(quoted((String) one.getKey()) + ":" + canonical(one.getValue()));
            }
            return "{" + String.join(",", parts) + "}";
        }
        return String.valueOf(value);
    }

    private static String quoted(String text) {
        StringBuilder made = new StringBuilder("\"");
        for (char one : text.toCharArray()) {
            int named = "\b\t\n\f\r\"\\".indexOf(one);
            if (named >= 0) {
                made.append('\\').append("btnfr\"\\".charAt(named));
            } else if (one < 0x20) {
                made.append(String.format("\\u%04x", (int) one));
            } else {
                made.append(one);
            }
        }
        return made.append('"').toString();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    /** Reads one line of JSON; the suite has no numbers in what a link is made of. */
    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        Object value() {
            char first = next();
            if (first == '"') {
                return string();
            }
            if (first == '{') {
                Map<String, Object> made = new LinkedHashMap<>();
                while (peek() != '}') {
                    next();
                    String name = string();
                    next();
                    made.put(name, value());
                    if (peek() == ',') {
                        next();
                    }
                }
                next();
                return made;
            }
            if (first == '[') {
                List<Object> made = new ArrayList<>();
                while (peek() != ']') {
                    made.add(value());
                    if (peek() == ',') {
                        next();
                    }
                }
                next();
                return made;
            }
            int start = at - 1;
            while (at < text.length() && ",]} ".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            String word = text.substring(start, at);
            return "null".equals(word) ? null : "true".equals(word) ? (Object) Boolean.TRUE
                : "false".equals(word) ? Boolean.FALSE : (Object) word;
        }

        private char peek() {
            while (Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return text.charAt(at);
        }

        private char next() {
            char found = peek();
            at++;
            return found;
        }

        private String string() {
            StringBuilder made = new StringBuilder();
            for (char one = text.charAt(at++); one != '"'; one = text.charAt(at++)) {
                if (one != '\\') {
                    made.append(one);
                    continue;
                }
                char escaped = text.charAt(at++);
                if (escaped == 'u') {
                    made.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                    at += 4;
                } else {
                    int named = "btnfr".indexOf(escaped);
                    made.append(named >= 0 ? "\b\t\n\f\r".charAt(named) : escaped);
                }
            }
            return made.toString();
        }
    }
}
