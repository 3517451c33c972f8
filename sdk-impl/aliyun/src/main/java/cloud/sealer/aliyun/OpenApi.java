package cloud.sealer.aliyun;

import cloud.sealer.core.retry.Retries;
import cloud.sealer.core.retry.RetryAfter;
import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.Task;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Calls the interfaces of the cloud, and tries again while that may help. Thread-safe. */
final class OpenApi {
  /** An interface of the cloud. */
  enum Product {
    ECS("2014-05-26"),
    VPC("2016-04-28"),
    STS("2015-04-01");

    private final String version;

    Product(String version) {
      this.version = version;
    }

    /** Where it answers for a region; who a key belongs to is known everywhere. */
    String host(String region) {
      String name = name().toLowerCase(Locale.ROOT);
      return (this == STS ? name : name + "." + region) + ".aliyuncs.com";
    }
  }

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int PAGE = 50;
  private static final String METHOD = "POST";

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(LIMIT)
          .build();

  private final String region;
  private final Function<Product, URI> endpoints;
  private final AccessKeyProvider keys;
  private final Retries retries;
  private final Sleeper sleeper;
  private final Clock clock;
  private final Map<String, String> accounts = new ConcurrentHashMap<>();

  OpenApi(
      String region,
      Function<Product, URI> endpoints,
      AccessKeyProvider keys,
      Retry retry,
      Clock clock) {
    this.region = region;
    this.endpoints = endpoints;
    this.keys = keys;
    this.sleeper = retry.sleeper();
    this.clock = clock;
    this.retries =
        new Retries(
            retry.attempts(), retry.delay(), retry.sleeper(), CloudError::silent, () -> false);
  }

  /** How often calls are tried, and how waiting is done. */
  record Retry(int attempts, Duration delay, Sleeper sleeper) {}

  String region() {
    return region;
  }

  Clock clock() {
    return clock;
  }

  /**
   * Makes a call.
   *
   * @param product whose call it is
   * @param action its name
   * @param parameters its parameters; the region is added
   * @param task hears of retries
   * @return the answer
   * @throws SealerException if it cannot be made; {@link CloudError#code} tells the cloud's reason
   */
  JsonNode call(Product product, String action, Map<String, String> parameters, Task task) {
    Map<String, String> all = new TreeMap<>(parameters);
    all.put("RegionId", region);
    return retries.run(
        "the call " + action + " of Aliyun",
        task::retried,
        () -> attempt(product, action, Acs3.query(all)));
  }

  private JsonNode attempt(Product product, String action, String query)
      throws IOException, InterruptedException {
    URI uri = URI.create(endpoints.apply(product) + "/?" + query);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(METHOD, HttpRequest.BodyPublishers.noBody())
            .header("Accept", "application/json");
    Acs3.headers(
            METHOD,
            uri,
            action,
            product.version,
            keys.accessKey(),
            clock.instant(),
            UUID.randomUUID().toString())
        .forEach(request::header);
    HttpResponse<byte[]> answer = send(request.build());
    JsonNode body = read(answer);
    if (answer.statusCode() == 200) {
      return body;
    }
    throw CloudError.answered(
        answer.statusCode(),
        body.path("Code").asText("HTTP" + answer.statusCode()),
        body.path("Message").asText(),
        answer
            .headers()
            .firstValue("Retry-After")
            .flatMap(text -> RetryAfter.parse(text, clock.instant())));
  }

  private static JsonNode read(HttpResponse<byte[]> answer) throws CloudError {
    try {
      return MAPPER.readTree(answer.body());
    } catch (JsonProcessingException e) {
      throw CloudError.silent(e);
    } catch (IOException e) {
      throw CloudError.silent(e);
    }
  }

  /** The time limit of a request does not cover its body; this one does. */
  private HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
    try {
      return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw CloudError.silent(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw CloudError.silent(new IOException("nothing within " + LIMIT.toSeconds() + " seconds"));
    } finally {
      answer.cancel(true);
    }
  }

  /** The account that the key of this moment belongs to. Asked once for each key. */
  String account(Task task) {
    String key = keys.accessKey().id();
    String known = accounts.get(key);
    if (known == null) {
      known = call(Product.STS, "GetCallerIdentity", Map.of(), task).path("AccountId").asText();
      accounts.put(key, known);
    }
    return known;
  }

  /**
   * Makes a call that lists things, page after page.
   *
   * @param list the names of the field and of the one in it that hold the things of a page
   */
  List<JsonNode> list(
      Product product, String action, Map<String, String> parameters, String[] list, Task task) {
    List<JsonNode> all = new ArrayList<>();
    Map<String, String> paged = new TreeMap<>(parameters);
    paged.put("PageSize", Integer.toString(PAGE));
    for (int page = 1; ; page++) {
      paged.put("PageNumber", Integer.toString(page));
      JsonNode answer = call(product, action, paged, task);
      JsonNode things = answer.path(list[0]).path(list[1]);
      things.forEach(all::add);
      if (things.size() < PAGE || all.size() >= answer.path("TotalCount").asInt()) {
        return all;
      }
    }
  }

  /** Waits; an interrupt cancels {@code what}. */
  void sleep(Duration time, String what) {
    try {
      sleeper.sleep(time);
    } catch (InterruptedException e) {
      throw SealerException.cancelled(what);
    }
  }
}
