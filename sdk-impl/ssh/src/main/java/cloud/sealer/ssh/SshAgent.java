package cloud.sealer.ssh;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Buffer.BufferException;
import net.schmizz.sshj.common.Buffer.PlainBuffer;

/**
 * Talks to an SSH agent over its Unix domain socket, by the <a
 * href="https://datatracker.ietf.org/doc/draft-ietf-sshm-ssh-agent/">SSH agent protocol</a>. Each
 * question has a connection of its own. Thread-safe.
 */
final class SshAgent {
  private static final byte REQUEST_IDENTITIES = 11;
  private static final byte IDENTITIES_ANSWER = 12;
  private static final byte SIGN_REQUEST = 13;
  private static final byte SIGN_RESPONSE = 14;

  /** Signs with an RSA key and SHA-256. */
  static final int RSA_SHA2_256 = 2;

  /** Signs with an RSA key and SHA-512. */
  static final int RSA_SHA2_512 = 4;

  private static final int MAX_ANSWER = 1 << 20;

  private final Path socket;

  SshAgent(Path socket) {
    this.socket = socket;
  }

  /** A key the agent holds. */
  @SuppressWarnings("ArrayRecordComponent") // made and read here only
  record Identity(byte[] blob, String comment) {}

  List<Identity> identities() throws IOException {
    Buffer<?> answer = ask(new PlainBuffer().putByte(REQUEST_IDENTITIES), IDENTITIES_ANSWER);
    List<Identity> identities = new ArrayList<>();
    try {
      for (long left = answer.readUInt32(); left > 0; left--) {
        identities.add(new Identity(answer.readStringAsBytes(), answer.readString()));
      }
    } catch (BufferException e) {
      throw new IOException("the agent's answer is cut short", e);
    }
    return identities;
  }

  /** A signature as it stands in an SSH packet: with its algorithm. */
  byte[] sign(byte[] blob, byte[] data, int flags) throws IOException {
    PlainBuffer request = new PlainBuffer().putByte(SIGN_REQUEST);
    request.putString(blob).putString(data).putUInt32(flags);
    try {
      return ask(request, SIGN_RESPONSE).readStringAsBytes();
    } catch (BufferException e) {
      throw new IOException("the agent's answer is cut short", e);
    }
  }

  private Buffer<?> ask(PlainBuffer request, byte expected) throws IOException {
    byte[] body = request.getCompactData();
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      ByteBuffer out = ByteBuffer.allocate(4 + body.length).putInt(body.length).put(body).flip();
      while (out.hasRemaining()) {
        channel.write(out);
      }
      int length = read(channel, 4).getInt();
      if (length < 1 || length > MAX_ANSWER) {
        throw new IOException("the agent answers with " + length + " bytes");
      }
      ByteBuffer answer = read(channel, length);
      byte type = answer.get();
      if (type != expected) {
        throw new IOException("the agent refuses");
      }
      byte[] rest = new byte[answer.remaining()];
      answer.get(rest);
      return new PlainBuffer(rest);
    } catch (UnsupportedOperationException e) {
      throw new IOException("this machine has no Unix domain sockets", e);
    }
  }

  private static ByteBuffer read(SocketChannel channel, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("the agent hung up");
      }
    }
    return bytes.flip();
  }
}
