package cloud.sealer.testkit;

import cloud.sealer.sdk.Descriptor;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;

/** Sends blobs and manifests to a registry over plain HTTP, as simply as the protocol allows. */
final class PlainPush {
  private final URI base;
  private final String repository;

  PlainPush(String registry, String repository) {
    this.base = URI.create("http://" + registry + "/v2/");
    this.repository = repository;
  }

  void blob(Descriptor blob, BlobContent content) throws IOException {
    HttpURLConnection start = open(base.resolve(repository + "/blobs/uploads/"), "POST");
    start.setFixedLengthStreamingMode(0);
    start.getOutputStream().close();
    expect(start, 202);
    String location = start.getHeaderField("Location");
    String digest = (location.contains("?") ? "&" : "?") + "digest=" + blob.digest();
    HttpURLConnection put = open(base.resolve(location + digest), "PUT");
    put.setRequestProperty("Content-Type", "application/octet-stream");
    send(put, blob.size(), content);
  }

  void manifest(String reference, Descriptor manifest, byte[] bytes) throws IOException {
    HttpURLConnection put = open(base.resolve(repository + "/manifests/" + reference), "PUT");
    put.setRequestProperty("Content-Type", manifest.mediaType().value());
    send(put, bytes.length, out -> out.write(bytes));
  }

  private static HttpURLConnection open(URI address, String method) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setDoOutput(true);
    connection.setConnectTimeout(10_000);
    connection.setReadTimeout(60_000);
    return connection;
  }

  private static void send(HttpURLConnection connection, long size, BlobContent content)
      throws IOException {
    connection.setFixedLengthStreamingMode(size);
    try (OutputStream out = connection.getOutputStream()) {
      content.writeTo(out);
    }
    expect(connection, 201);
  }

  private static void expect(HttpURLConnection connection, int status) throws IOException {
    int actual = connection.getResponseCode();
    if (actual != status) {
      throw new IOException(
          connection.getRequestMethod() + " " + connection.getURL() + " gave status " + actual);
    }
    // Read to the end so that the connection can be used again.
    connection.getInputStream().readAllBytes();
  }
}
