package cloud.sealer.core.fetch;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * One request of JGit, sent by our HTTP client.
 *
 * <p>JGit's own is a {@code HttpURLConnection}, which cannot be ended from outside while it waits,
 * and obeys settings of the whole JVM. What JGit sends is short (which commits it wants), so it is
 * collected in memory first.
 */
final class GitHttpConnection implements HttpConnection {
  private final GitConnections connections;
  private final WebClient client;
  private final URL url;
  private final Optional<String> authorization;
  private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private String method = "GET";
  private @Nullable ClassicHttpResponse response;

  GitHttpConnection(
      GitConnections connections, WebClient client, URL url, Optional<String> authorization) {
    this.connections = connections;
    this.client = client;
    this.url = url;
    this.authorization = authorization;
  }

  private ClassicHttpResponse response() throws IOException {
    ClassicHttpResponse known = response;
    if (known != null) {
      return known;
    }
    HttpUriRequestBase request = request();
    Closeable cancel = request::cancel;
    connections.register(cancel);
    ClassicHttpResponse answer = client.open(request);
    response = connections.register(answer);
    return answer;
  }

  private HttpUriRequestBase request() throws IOException {
    HttpUriRequestBase request;
    try {
      request = new HttpUriRequestBase(method, url.toURI());
    } catch (URISyntaxException e) {
      throw new IOException("not a URL: " + e.getReason(), e);
    }
    headers.forEach(request::setHeader);
    authorization.ifPresent(value -> request.setHeader("Authorization", value));
    if (body.size() > 0) {
      String type = headers.getOrDefault("Content-Type", "application/octet-stream");
      request.setEntity(new ByteArrayEntity(body.toByteArray(), ContentType.parse(type)));
      request.removeHeaders("Content-Type");
    }
    return request;
  }

  @Override
  public int getResponseCode() throws IOException {
    return response().getCode();
  }

  @Override
  public String getResponseMessage() throws IOException {
    String phrase = response().getReasonPhrase();
    return phrase == null ? "" : phrase;
  }

  @Override
  public URL getURL() {
    return url;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    ClassicHttpResponse answer = response();
    InputStream content =
        answer.getEntity() == null
            ? InputStream.nullInputStream()
            : answer.getEntity().getContent();
    return new FilterInputStream(content) {
      @Override
      public void close() throws IOException {
        // closing the stream alone would first read the rest of it
        answer.close();
      }
    };
  }

  @Override
  public Map<String, List<String>> getHeaderFields() {
    ClassicHttpResponse answer = response;
    return answer == null
        ? Map.of()
        : Arrays.stream(answer.getHeaders())
            .collect(
                Collectors.groupingBy(
                    Header::getName,
                    () -> new TreeMap<>(String.CASE_INSENSITIVE_ORDER),
                    Collectors.mapping(Header::getValue, Collectors.toList())));
  }

  @Override
  public List<String> getHeaderFields(String name) {
    return getHeaderFields().getOrDefault(name, List.of());
  }

  @Override
  public @Nullable String getHeaderField(String name) {
    List<String> values = getHeaderFields(name);
    return values.isEmpty() ? null : values.get(values.size() - 1);
  }

  @Override
  public @Nullable String getContentType() {
    return getHeaderField("Content-Type");
  }

  @Override
  public int getContentLength() {
    ClassicHttpResponse answer = response;
    long length =
        answer == null || answer.getEntity() == null ? -1 : answer.getEntity().getContentLength();
    return length > Integer.MAX_VALUE ? -1 : (int) length;
  }

  @Override
  public void setRequestProperty(String name, String value) {
    // JGit may know a password only from the address, and would keep it on a redirect
    if (!name.equalsIgnoreCase("Authorization")) {
      headers.put(name, value);
    }
  }

  @Override
  public void setRequestMethod(String method) {
    this.method = method;
  }

  @Override
  public String getRequestMethod() {
    return method;
  }

  @Override
  public OutputStream getOutputStream() {
    return body;
  }

  @Override
  public boolean usingProxy() {
    return false;
  }

  @Override
  public void connect() {
    // connected when the answer is asked for
  }

  @Override
  public void setConnectTimeout(int milliseconds) {
    // the client has its own
  }

  @Override
  public void setReadTimeout(int milliseconds) {
    // the client has its own
  }

  @Override
  public void setUseCaches(boolean use) {
    // there are none
  }

  @Override
  public void setInstanceFollowRedirects(boolean follow) {
    // the client never does
  }

  @Override
  public void setDoOutput(boolean output) {
    // there is output when something is written
  }

  @Override
  public void setFixedLengthStreamingMode(int length) {
    // the length is known when everything is written
  }

  @Override
  public void setChunkedStreamingMode(int length) {
    // the length is known when everything is written
  }

  @Override
  public void setHostnameVerifier(HostnameVerifier verifier) {
    throw new UnsupportedOperationException("host names are always verified");
  }

  @Override
  public void configure(
      KeyManager @Nullable [] keys, TrustManager @Nullable [] trust, SecureRandom random) {
    throw new UnsupportedOperationException("certificates are always verified");
  }
}
