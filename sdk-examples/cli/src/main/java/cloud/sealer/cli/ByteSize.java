package cloud.sealer.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number of bytes: {@code 4G}, {@code 700M}, {@code 1024}; units are powers of 1024. */
final class ByteSize implements ITypeConverter<Long> {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,15})([KMGT]?)(?:I?B)?");

  @Override
  public Long convert(String value) {
    Matcher size = TEXT.matcher(value.strip().toUpperCase(Locale.ROOT));
    if (!size.matches()) {
      throw new TypeConversionException("a size is written as 4G, 700M or 1024, got " + value);
    }
    long bytes = Long.parseLong(size.group(1));
    int unit = size.group(2).isEmpty() ? 0 : "KMGT".indexOf(size.group(2)) + 1;
    for (int i = 0; i < unit; i++) {
      if (bytes > Long.MAX_VALUE / 1024) {
        throw new TypeConversionException("too large: " + value);
      }
      bytes *= 1024;
    }
    if (bytes == 0) {
      throw new TypeConversionException("a size is more than nothing, got " + value);
    }
    return bytes;
  }
}
