package cloud.sealer.core.registry;

import java.io.ByteArrayOutputStream;
import java.security.InvalidKeyException;
import java.util.Arrays;

/**
 * Wraps private keys of older forms into PKCS#8 (<a
 * href="https://www.rfc-editor.org/rfc/rfc5208#section-5">RFC 5208, section 5</a>), the only one
 * that Java reads.
 */
final class Pkcs8 {
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int PARAMETERS = 0xA0;
  private static final byte[] VERSION_0 = {2, 1, 0};
  // The algorithms 1.2.840.113549.1.1.1 with NULL, and 1.2.840.10045.2.1.
  private static final byte[] RSA = {
    6, 9, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 1, 1, 1, 5, 0
  };
  private static final byte[] EC = {6, 7, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};

  private Pkcs8() {}

  /** Wraps an {@code RSAPrivateKey} of PKCS#1 (RFC 8017, appendix A.1.2). */
  static byte[] ofRsa(byte[] key) {
    return element(SEQUENCE, VERSION_0, element(SEQUENCE, RSA), element(OCTETS, key));
  }

  /** Wraps an {@code ECPrivateKey} of SEC 1 (RFC 5915), which must name its curve. */
  static byte[] ofEc(byte[] key) throws InvalidKeyException {
    return element(
        SEQUENCE, VERSION_0, element(SEQUENCE, EC, parameters(key)), element(OCTETS, key));
  }

  /** What stands in the field {@code parameters [0]}. */
  private static byte[] parameters(byte[] key) throws InvalidKeyException {
    try {
      for (int at = content(key, 0); at < key.length; at = content(key, at) + length(key, at)) {
        if ((key[at] & 0xFF) == PARAMETERS) {
          int start = content(key, at);
          return Arrays.copyOfRange(key, start, start + length(key, at));
        }
      }
    } catch (ArrayIndexOutOfBoundsException e) {
      throw new InvalidKeyException("the key ends too early", e);
    }
    throw new InvalidKeyException("the key names no curve");
  }

  /** Where the content of an element begins. */
  private static int content(byte[] bytes, int at) {
    int first = bytes[at + 1] & 0xFF;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7F);
  }

  private static int length(byte[] bytes, int at) {
    int length = bytes[at + 1] & 0xFF;
    if (length < 0x80) {
      return length;
    }
    int value = 0;
    for (int i = at + 2; i < content(bytes, at); i++) {
      value = (value << 8) | (bytes[i] & 0xFF);
    }
    if (value < 0 || value > bytes.length) {
      throw new ArrayIndexOutOfBoundsException(value);
    }
    return value;
  }

  private static byte[] element(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream element = new ByteArrayOutputStream();
    element.write(tag);
    int size = content.size();
    if (size >= 0x80) {
      element.write(size > 0xFFFF ? 0x83 : size > 0xFF ? 0x82 : 0x81);
      for (int shift = size > 0xFFFF ? 16 : size > 0xFF ? 8 : 0; shift > 0; shift -= 8) {
        element.write(size >> shift);
      }
    }
    element.write(size);
    element.writeBytes(content.toByteArray());
    return element.toByteArray();
  }
}
