package cloud.sealer.kubernetes.distribution;

import java.util.Locale;

/** Sizes as people read them. */
public final class Size {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private Size() {}

  /** A number of bytes with one digit after the point, such as {@code 1.5 MiB}. */
  public static String text(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }
}
