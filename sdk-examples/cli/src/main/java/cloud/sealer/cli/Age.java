package cloud.sealer.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an age: {@code 30d}, {@code 12h}, {@code 15m}, {@code 90s}. */
final class Age implements ITypeConverter<Duration> {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,6})([dhms])");

  @Override
  public Duration convert(String value) {
    Matcher age = TEXT.matcher(value.strip().toLowerCase(Locale.ROOT));
    if (!age.matches()) {
      throw new TypeConversionException("an age is written as 30d, 12h, 15m or 90s, got " + value);
    }
    long amount = Long.parseLong(age.group(1));
    return switch (age.group(2)) {
      case "d" -> Duration.ofDays(amount);
      case "h" -> Duration.ofHours(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofSeconds(amount);
    };
  }
}
