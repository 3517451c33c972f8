package cloud.sealer.kubernetes.clusterfile;

import static cloud.sealer.core.finding.Diagnostics.quote;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes of memory and disks in a Clusterfile: GiB, or what a suffix says. */
final class MachineSize {
  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,17})(B|Ki|Mi|Gi|Ti)?");
  private static final Map<String, Long> UNITS = units();

  private MachineSize() {}

  /** The largest first. */
  private static Map<String, Long> units() {
    Map<String, Long> units = new LinkedHashMap<>();
    units.put("Ti", 1L << 40);
    units.put("Gi", 1L << 30);
    units.put("Mi", 1L << 20);
    units.put("Ki", 1L << 10);
    units.put("B", 1L);
    return units;
  }

  /** Bytes of a text. */
  static long parse(String text) {
    Matcher size = SIZE.matcher(text.strip());
    if (!size.matches()) {
      throw new IllegalArgumentException(quote(text) + " is no size");
    }
    String unit = size.group(2) == null ? "Gi" : size.group(2);
    try {
      return Math.multiplyExact(Long.parseLong(size.group(1)), UNITS.getOrDefault(unit, 1L));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(quote(text) + " is too large", e);
    }
  }

  /** The text of bytes, in the largest unit that is exact. */
  static String format(long bytes) {
    return UNITS.entrySet().stream()
        .filter(unit -> bytes % unit.getValue() == 0)
        .findFirst()
        .map(unit -> bytes / unit.getValue() + unit.getKey())
        .orElseThrow();
  }
}
