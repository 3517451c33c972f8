package cloud.sealer.sdk;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** IP addresses as text. Never asks a name server. */
final class InetText {
  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-f:.]+(?:%[0-9a-z]+)?");
  private static final Pattern NUMERIC = Pattern.compile("[0-9.]+");
  private static final Pattern NAME =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
              + "(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*");

  private InetText() {}

  static boolean isIpv4(String text) {
    return IPV4.matcher(text).matches();
  }

  static boolean isAddress(String text) {
    return isIpv4(text) || text.indexOf(':') >= 0;
  }

  /** A text of digits and dots is a mistyped address, not a name. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches() && !NUMERIC.matcher(text).matches();
  }

  /** The one spelling of RFC 5952, so that equal addresses are equal values. */
  static String canonicalIpv6(String text) {
    int zone = text.indexOf('%');
    String address = zone < 0 ? text : text.substring(0, zone);
    byte[] bytes = IPV6.matcher(text).matches() ? bytes(address) : null;
    if (bytes == null) {
      throw new IllegalArgumentException("\"" + text + "\" is not an IPv6 address");
    }
    if (bytes.length == 4) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is an IPv4 address written as IPv6; write it with dots");
    }
    return compress(bytes) + (zone < 0 ? "" : text.substring(zone));
  }

  /** An address in brackets is never looked up. */
  private static byte @Nullable [] bytes(String address) {
    try {
      return InetAddress.getByName("[" + address + "]").getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static String compress(byte[] bytes) {
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
    }
    int start = -1;
    int length = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > length) {
        start = i;
        length = end - i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == start) {
        text.append("::");
        i += length - 1;
      } else {
        if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }

  /** All addresses from first to last. */
  static List<String> range(String first, String last, int limit) {
    if (!isAddress(first) || !isAddress(last) || isIpv4(first) != isIpv4(last)) {
      throw new IllegalArgumentException(
          "a range has two addresses of one kind, got \"" + first + "-" + last + "\"");
    }
    BigInteger from = number(first);
    BigInteger size = number(last).subtract(from).add(BigInteger.ONE);
    if (size.signum() <= 0) {
      throw new IllegalArgumentException(
          "the range \"" + first + "-" + last + "\" is reversed; write the lower address first");
    }
    if (size.compareTo(BigInteger.valueOf(limit)) > 0) {
      throw new IllegalArgumentException(
          "the range \"" + first + "-" + last + "\" has more than " + limit + " addresses");
    }
    List<String> range = new ArrayList<>(size.intValueExact());
    for (int i = 0; i < size.intValueExact(); i++) {
      range.add(text(from.add(BigInteger.valueOf(i)), isIpv4(first) ? 4 : 16));
    }
    return range;
  }

  /** IPv4 before IPv6 before names; addresses by number. */
  static int compare(String one, String other) {
    int kind = Integer.compare(kind(one), kind(other));
    if (kind != 0) {
      return kind;
    }
    return kind(one) == 2 ? one.compareTo(other) : number(one).compareTo(number(other));
  }

  private static int kind(String text) {
    return isIpv4(text) ? 0 : text.indexOf(':') >= 0 ? 1 : 2;
  }

  private static BigInteger number(String address) {
    int zone = address.indexOf('%');
    String plain = zone < 0 ? address : address.substring(0, zone);
    byte[] bytes = isIpv4(plain) ? ipv4(plain) : bytes(plain);
    return new BigInteger(1, Objects.requireNonNull(bytes));
  }

  private static byte[] ipv4(String text) {
    byte[] bytes = new byte[4];
    String[] parts = text.split("\\.", -1);
    for (int i = 0; i < 4; i++) {
      bytes[i] = (byte) Integer.parseInt(parts[i]);
    }
    return bytes;
  }

  private static String text(BigInteger number, int length) {
    byte[] bytes = new byte[length];
    byte[] value = number.toByteArray();
    int count = Math.min(value.length, length);
    System.arraycopy(value, value.length - count, bytes, length - count, count);
    if (length == 16) {
      return compress(bytes);
    }
    return (bytes[0] & 0xff)
        + "."
        + (bytes[1] & 0xff)
        + "."
        + (bytes[2] & 0xff)
        + "."
        + (bytes[3] & 0xff);
  }
}
