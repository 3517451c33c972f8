package cloud.sealer.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A small cloud in this process that speaks the ECS, VPC and STS interfaces of Alibaba Cloud on a
 * free port of 127.0.0.1: the calls that machines for clusters need, and no others.
 *
 * <p>What it is: it checks signatures (ACS3-HMAC-SHA256) and freshness of requests, keeps state,
 * refuses what depends on something else, answers repeated client tokens as before, lets states
 * change only as they are asked for, and misbehaves {@linkplain #faults() on demand}. What {@code
 * RunInstances} starts is real as far as the {@link CloudMachines} are that it is given. A public
 * address is one of 127.0.0.0/8 that leads to the machine's SSH server for those whom the security
 * group admits. What it is not: it has two made-up zones and a handful of types, knows no quotas,
 * prices, images or disks, and machines have the addresses that their maker gives them, whatever
 * the vSwitch says.
 *
 * <pre>{@code
 * try (EmbeddedCloud cloud = EmbeddedCloud.start(EmbeddedMachines.create())) {
 *   AliyunInfrastructure.builder(() -> AccessKey.of(cloud.keyId(), Secret.of(cloud.keySecret())))
 *       .endpoint(cloud.endpoint())
 *       .addressService(cloud.addressService())
 *   …
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class EmbeddedCloud implements AutoCloseable {
  private static final String CALLER = "/caller-address";
  private static final String ACCOUNT = "1234567890123456";

  private final CloudState state = new CloudState();
  private final CloudFaults faults = new CloudFaults();
  private final CloudNetworkCalls networks = new CloudNetworkCalls(state);
  private final CloudMachineCalls machines;
  private final String keyId = "LTAI" + UUID.randomUUID().toString().substring(0, 8);
  private final String keySecret = UUID.randomUUID().toString();
  private final CloudSignature signature = new CloudSignature(keyId, keySecret);
  private final Map<String, Once> tokens = new ConcurrentHashMap<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final HttpListener listener;

  private record Once(Map<String, String> request, Map<String, Object> answer) {}

  private EmbeddedCloud(CloudMachines maker) throws IOException {
    machines = new CloudMachineCalls(state, faults, maker);
    listener = new HttpListener(0);
    listener.start(this::handle);
  }

  /**
   * Starts a cloud without resources.
   *
   * @param machines starts what its machines are
   * @return the cloud, to be closed by the caller
   */
  public static EmbeddedCloud start(CloudMachines machines) {
    try {
      return new EmbeddedCloud(machines);
    } catch (IOException e) {
      throw new UncheckedIOException("the cloud cannot listen", e);
    }
  }

  /**
   * Where all its interfaces are.
   *
   * @return scheme, host and port
   */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.port());
  }

  /**
   * Where a GET is answered with the caller's address.
   *
   * @return the address
   */
  public URI addressService() {
    return endpoint().resolve(CALLER);
  }

  /**
   * The key it takes.
   *
   * @return the AccessKey ID
   */
  public String keyId() {
    return keyId;
  }

  /**
   * The secret of the key it takes.
   *
   * @return the AccessKey secret
   */
  public String keySecret() {
    return keySecret;
  }

  /**
   * What lets it misbehave.
   *
   * @return the faults
   */
  public CloudFaults faults() {
    return faults;
  }

  /**
   * Everything that exists.
   *
   * @return a text for each resource: its identifier, and its tags
   */
  public Collection<String> everything() {
    return state.all().stream().map(each -> each.id + " " + each.tags).toList();
  }

  /**
   * The calls that were made, also those that failed.
   *
   * @return their names, in order
   */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  /**
   * The rules of all security groups.
   *
   * @return each as protocol, ports and source, with blanks between
   */
  public List<String> rules() {
    return state.all(CloudMachineCalls.GROUP, each -> true).stream()
        .flatMap(group -> List.copyOf(group.rules).stream())
        .map(rule -> String.join(" ", rule))
        .toList();
  }

  private void handle(Exchange exchange) throws IOException {
    if (exchange.method().equals("GET") && exchange.target().getPath().equals(CALLER)) {
      send(exchange, 200, "127.0.0.1");
      return;
    }
    String action = exchange.header("x-acs-action");
    calls.add(action);
    Optional<CloudFaults.Answer> fault = faults.take(action);
    try {
      String query = Optional.ofNullable(exchange.target().getRawQuery()).orElse("");
      signature.check(exchange.method(), query, exchange::header);
      if (fault.isPresent() && !fault.get().lost()) {
        throw new CloudError(fault.get().status(), fault.get().code(), "as the test wants it");
      }
      Map<String, Object> answer = new TreeMap<>(answer(exchange, action, parameters(query)));
      if (fault.isPresent()) {
        throw new DroppedException();
      }
      answer.put("RequestId", UUID.randomUUID().toString());
      send(exchange, 200, JsonText.of(answer));
    } catch (CloudError e) {
      String message = String.valueOf(e.getMessage());
      send(
          exchange,
          e.status(),
          JsonText.of(
              Map.of(
                  "Code", e.code(),
                  "Message", message,
                  "RequestId", UUID.randomUUID().toString())));
    }
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new TreeMap<>();
    for (String each : query.split("&", -1)) {
      String[] parts = each.split("=", 2);
      parameters.put(
          URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
          parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return parameters;
  }

  /** One call at a time, and each client token once. */
  private synchronized Map<String, Object> answer(
      Exchange exchange, String action, Map<String, String> request) {
    String token = request.getOrDefault("ClientToken", "");
    Once before = token.isEmpty() ? null : tokens.get(action + " " + token);
    if (before != null) {
      if (!before.request().equals(request)) {
        throw CloudError.wrong("IdempotentParameterMismatch", "the token was used otherwise");
      }
      return before.answer();
    }
    Map<String, Object> answer =
        switch (exchange.header("x-acs-version")) {
          case "2014-05-26" -> machines.answer(action, request);
          case "2016-04-28" -> networks.answer(action, request);
          case "2015-04-01" -> identity(action);
          default -> throw CloudError.wrong("InvalidVersion", "no such version");
        };
    if (!token.isEmpty()) {
      tokens.put(action + " " + token, new Once(request, answer));
    }
    return answer;
  }

  private static Map<String, Object> identity(String action) {
    if (!action.equals("GetCallerIdentity")) {
      throw CloudError.wrong("InvalidAction.NotFound", action + " is not known");
    }
    return Map.of("AccountId", ACCOUNT, "IdentityType", "Account");
  }

  private static void send(Exchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.set("Content-Type", "application/json");
    OutputStream out = exchange.answer(status, bytes.length);
    out.write(bytes);
  }

  /** Ends it, and every machine. */
  @Override
  public void close() {
    listener.close();
    state.all(CloudMachineCalls.INSTANCE, each -> true).forEach(machines::end);
    state.all(CloudNetworkCalls.ADDRESS, each -> true).forEach(CloudNetworkCalls::unbind);
  }
}
