package cloud.sealer.core.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;

/** A new key with a certificate that it has signed itself, in the forms that users have. */
final class KeyFiles {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path directory;
  private final String name;
  private final KeyStore store;

  private KeyFiles(Path directory, String name, KeyStore store) {
    this.directory = directory;
    this.name = name;
    this.store = store;
  }

  /** Makes a key of an algorithm, {@code EC} or {@code RSA}, for a host such as {@code ip:…}. */
  static KeyFiles make(Path directory, String name, String algorithm, String host)
      throws Exception {
    Path file = directory.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-keyalg",
                    algorithm,
                    "-alias",
                    "key",
                    "-validity",
                    "2",
                    "-dname",
                    "CN=" + name,
                    "-ext",
                    "san=" + host,
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    "changeit",
                    "-keystore",
                    file.toString()))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(name + ".log").toFile())
            .start();
    if (!keytool.waitFor(50, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IOException(Files.readString(directory.resolve(name + ".log")));
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return new KeyFiles(directory, name, store);
  }

  private static String pem(String label, byte[] bytes) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
        + "\n-----END "
        + label
        + "-----\n";
  }

  /** A JSON Web Token (RFC 7519) signed by this key, which must be of RSA. */
  String token(String claims) throws Exception {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String header =
        "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5c\":[\""
            + Base64.getEncoder().encodeToString(store.getCertificate("key").getEncoded())
            + "\"]}";
    String text =
        base64.encodeToString(header.getBytes(StandardCharsets.UTF_8))
            + "."
            + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(privateKey());
    signature.update(text.getBytes(StandardCharsets.UTF_8));
    return text + "." + base64.encodeToString(signature.sign());
  }

  private Path write(String suffix, String text) throws IOException {
    return Files.writeString(directory.resolve(name + suffix), text);
  }

  private PrivateKey privateKey() throws Exception {
    return (PrivateKey) store.getKey("key", PASSWORD);
  }

  /** The certificate. */
  Path certificate() throws Exception {
    return write(".crt", pem("CERTIFICATE", store.getCertificate("key").getEncoded()));
  }

  /** The key as PKCS#8. */
  Path key() throws Exception {
    return write(".key", pem("PRIVATE KEY", privateKey().getEncoded()));
  }

  /** The key as PKCS#1. */
  Path rsaKey() throws Exception {
    return write(".rsa", pem("RSA PRIVATE KEY", last(privateKey().getEncoded())));
  }

  /** The key as SEC 1, with its curve and without its public key. */
  Path ecKey() throws Exception {
    // SEQUENCE { INTEGER 0, SEQUENCE { OID, OID of the curve }, OCTET STRING { SEQUENCE {
    //   INTEGER 1, OCTET STRING, … } } }, all shorter than 128 bytes
    byte[] pkcs8 = privateKey().getEncoded();
    int algorithm = 2 + 3;
    int curve = algorithm + 2 + 2 + pkcs8[algorithm + 3];
    int octets = algorithm + 2 + pkcs8[algorithm + 1];
    int secret = octets + 2 + 2 + 3;
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.write(pkcs8, secret - 3, 3 + 2 + pkcs8[secret + 1]);
    content.write(0xA0);
    content.write(octets - curve);
    content.write(pkcs8, curve, octets - curve);
    ByteArrayOutputStream key = new ByteArrayOutputStream();
    key.write(0x30);
    key.write(content.size());
    content.writeTo(key);
    return write(".sec1", pem("EC PRIVATE KEY", key.toByteArray()));
  }

  /** The key as PKCS#8, encrypted. */
  Path encryptedKey(String password) throws Exception {
    String algorithm = "PBEWithHmacSHA256AndAES_256";
    SecretKey secret =
        SecretKeyFactory.getInstance(algorithm)
            .generateSecret(new PBEKeySpec(password.toCharArray()));
    Cipher cipher = Cipher.getInstance(algorithm);
    cipher.init(Cipher.ENCRYPT_MODE, secret);
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
    parameters.init(cipher.getParameters().getEncoded());
    byte[] encrypted =
        new EncryptedPrivateKeyInfo(parameters, cipher.doFinal(privateKey().getEncoded()))
            .getEncoded();
    return write(".enc", pem("ENCRYPTED PRIVATE KEY", encrypted));
  }

  /** What the last element of a PKCS#8 key holds: the key of its own form. */
  private static byte[] last(byte[] pkcs8) {
    // SEQUENCE { INTEGER 0, SEQUENCE { OID, NULL }, OCTET STRING }, with lengths of two bytes.
    int algorithm = 4 + 3;
    int octets = algorithm + 2 + pkcs8[algorithm + 1];
    return Arrays.copyOfRange(pkcs8, octets + 4, pkcs8.length);
  }

  /** A server with this key; it asks for the certificate of a client if there is one to trust. */
  ScriptedServer server(KeyFiles client, ScriptedServer.Handler handler) throws Exception {
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(store, PASSWORD);
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("client", client.store.getCertificate("key"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return new ScriptedServer(
        "https", new Sockets(context.getServerSocketFactory(), client != this), handler);
  }

  /** A server with this key that lets everybody in. */
  ScriptedServer server(ScriptedServer.Handler handler) throws Exception {
    return server(this, handler);
  }

  private static final class Sockets extends ServerSocketFactory {
    private final ServerSocketFactory sockets;
    private final boolean asksForCertificate;

    Sockets(ServerSocketFactory sockets, boolean asksForCertificate) {
      this.sockets = sockets;
      this.asksForCertificate = asksForCertificate;
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
        throws IOException {
      ServerSocket socket = sockets.createServerSocket(port, backlog, address);
      ((SSLServerSocket) socket).setNeedClientAuth(asksForCertificate);
      return socket;
    }

    @Override
    public ServerSocket createServerSocket(int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) {
      throw new UnsupportedOperationException();
    }
  }
}
