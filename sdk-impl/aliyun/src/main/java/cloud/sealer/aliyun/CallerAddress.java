package cloud.sealer.aliyun;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The address from which the caller's connections seem to come. Thread-safe. */
final class CallerAddress {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final URI service;

  CallerAddress(URI service) {
    this.service = service;
  }

  /** Asks for it; as a network of one address. */
  String network() {
    String answer;
    try {
      HttpResponse<String> response =
          HttpClient.newBuilder()
              .connectTimeout(LIMIT)
              .build()
              .send(
                  HttpRequest.newBuilder(service).timeout(LIMIT).build(),
                  HttpResponse.BodyHandlers.ofString());
      answer =
          response.statusCode() == 200 ? response.body().strip() : "HTTP " + response.statusCode();
    } catch (IOException e) {
      throw unknown(e.getMessage() == null ? e.toString() : e.getMessage());
    } catch (InterruptedException e) {
      throw SealerException.cancelled("asking " + service + " for the address of this machine");
    }
    if (!answer.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")) {
      throw unknown(answer.lines().findFirst().orElse("an empty answer"));
    }
    return CloudOptions.network(answer);
  }

  /** Nobody said who may connect, nor whom to ask. */
  static SealerException notSet() {
    return SealerException.builder(
            ErrorCode.INVALID_REQUEST, "it is not said who may connect to the machines over SSH")
        .remedy(
            "set the option ssh-from to your address or network, or"
                + " AliyunInfrastructure.Builder.addressService")
        .build();
  }

  private SealerException unknown(String reason) {
    return SealerException.builder(
            ErrorCode.UNREACHABLE,
            service + " does not tell the address of this machine: " + reason)
        .remedy(
            "say who may connect to the machines: option ssh-from (--machine-option"
                + " ssh-from=ADDRESS)")
        .retryable(true)
        .build();
  }
}
