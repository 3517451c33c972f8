package cloud.sealer.core.kubefile;

import cloud.sealer.core.finding.Diagnostics;
import org.jspecify.annotations.Nullable;

/**
 * The value of an instruction that may have a flag.
 *
 * @param flag the flag's value; null if it is not given
 * @param rest what follows the flags
 */
record Operands(@Nullable Word flag, Word rest) {
  /**
   * Takes the flags off.
   *
   * @param name the only flag allowed
   * @param example the flag as it should be written
   */
  static Operands read(Line line, String name, String example, Findings findings) {
    Word flag = null;
    Word rest = line.value();
    while (rest.text().startsWith("--")) {
      Word word = rest.first();
      rest = rest.from(word.text().length());
      int equals = word.text().indexOf('=');
      String key = equals < 0 ? word.text() : word.text().substring(0, equals);
      if (!key.equals("--" + name)) {
        findings.error(
            line, word, "unknown flag " + Diagnostics.quote(key), "the only flag is " + example);
      } else if (equals < 0 || equals == word.text().length() - 1) {
        findings.error(line, word, key + " has no value", "write " + example);
      } else if (flag != null) {
        findings.error(line, word, key + " is given twice", "remove one");
      } else {
        flag = word.from(equals + 1);
      }
    }
    return new Operands(flag, rest);
  }
}
