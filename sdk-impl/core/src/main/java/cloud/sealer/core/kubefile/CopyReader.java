package cloud.sealer.core.kubefile;

import cloud.sealer.core.finding.Diagnostics;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Instruction;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code COPY}, with plain operands or with a JSON array of them. */
final class CopyReader {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern REMOTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://|git@");
  private static final String JSON_REMEDY = "write such as COPY [\"my file\", \"manifests\"]";

  private final Findings findings;

  CopyReader(Findings findings) {
    this.findings = findings;
  }

  Optional<Instruction.Copy> read(Line line) {
    Operands operands = Operands.read(line, "checksum", "--checksum=sha256:HEX", findings);
    Word rest = operands.rest();
    List<Word> words = isJson(rest.text()) ? json(line, rest) : plain(line, rest);
    if (words == null || !hasEnough(line, rest, words)) {
      return Optional.empty();
    }
    boolean good = checkPaths(line, words);
    if (operands.flag() != null) {
      good &= checkChecksum(line, operands.flag(), words.size() - 1);
    }
    if (!good) {
      return Optional.empty();
    }
    List<String> texts = new ArrayList<>(words.size());
    words.forEach(word -> texts.add(word.text()));
    int last = texts.size() - 1;
    return Optional.of(
        new Instruction.Copy(
            texts.subList(0, last),
            texts.get(last),
            operands.flag() == null ? null : operands.flag().text(),
            line.position(line.word())));
  }

  /** A bracket alone makes no array: it may begin a pattern. */
  private static boolean isJson(String text) {
    if (!text.startsWith("[")) {
      return false;
    }
    String inner = text.substring(1).stripLeading();
    return inner.startsWith("\"") || inner.startsWith("'") || text.endsWith("]");
  }

  private @Nullable List<Word> plain(Line line, Word rest) {
    List<Word> words = rest.split();
    for (Word word : words) {
      String text = word.text();
      if (text.startsWith("--")) {
        findings.error(line, word, "a flag after the first source", "put flags first");
        return null;
      }
      if (text.startsWith("<<")) {
        findings.error(
            line,
            word,
            "here-documents are not supported",
            "put the text into a file of the context and name that file");
        return null;
      }
    }
    return words;
  }

  private @Nullable List<Word> json(Line line, Word rest) {
    List<Word> words = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(rest.text())) {
      parser.nextToken();
      for (JsonToken token = parser.nextToken();
          token != JsonToken.END_ARRAY;
          token = parser.nextToken()) {
        int offset = offset(rest, parser.currentTokenLocation().getCharOffset());
        String text = token == JsonToken.VALUE_STRING ? parser.getText() : "";
        if (text.isBlank() || text.indexOf('\0') >= 0) {
          findings.error(
              line, new Word(text, offset), "the array may only hold names in quotes", JSON_REMEDY);
          return null;
        }
        words.add(new Word(text, offset));
      }
      int end = (int) parser.currentLocation().getCharOffset();
      Word more = rest.from(end);
      if (!more.isEmpty()) {
        findings.error(line, more, "more after the array", JSON_REMEDY);
        return null;
      }
      return words;
    } catch (IOException e) {
      boolean placed = e instanceof JsonProcessingException json && json.getLocation() != null;
      long offset = placed ? ((JsonProcessingException) e).getLocation().getCharOffset() : 0;
      Word part = new Word(rest.text(), offset(rest, offset));
      findings.error(line, part, "not a JSON array of strings", JSON_REMEDY);
      return null;
    }
  }

  private static int offset(Word rest, long inner) {
    return rest.offset() + (int) Math.max(0, Math.min(inner, rest.text().length()));
  }

  private boolean hasEnough(Line line, Word rest, List<Word> words) {
    if (words.size() >= 2) {
      return true;
    }
    String got = words.isEmpty() ? "" : ", got " + Diagnostics.quote(words.get(0).text());
    findings.error(
        line.position(line.word()),
        rest.text(),
        "COPY needs a source and a destination" + got,
        "to copy into the top of the rootfs write COPY SOURCE .");
    return false;
  }

  private boolean checkPaths(Line line, List<Word> words) {
    boolean good = true;
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      boolean isDestination = i == words.size() - 1;
      if (goesUp(word.text()) && (isDestination || !REMOTE.matcher(word.text()).lookingAt())) {
        String what = isDestination ? "destination " : "source ";
        findings.error(
            line,
            word,
            what
                + Diagnostics.quote(word.text())
                + " leaves the "
                + (isDestination ? "rootfs" : "context"),
            "write the path without \"..\"");
        good = false;
      }
    }
    return good;
  }

  private static boolean goesUp(String path) {
    return path.contains("..") && ("/" + path + "/").contains("/../");
  }

  private boolean checkChecksum(Line line, Word checksum, int sources) {
    if (sources > 1) {
      findings.error(
          line,
          checksum,
          "a checksum is for one source, got " + sources,
          "write a COPY with its own checksum for each source");
      return false;
    }
    try {
      Digest.parse(checksum.text());
      return true;
    } catch (IllegalArgumentException e) {
      findings.error(
          line,
          checksum,
          String.valueOf(e.getMessage()),
          "write --checksum=sha256: and 64 hexadecimal digits");
      return false;
    }
  }
}
