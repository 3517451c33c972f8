package cloud.sealer.core.build;

import cloud.sealer.core.image.Names;
import cloud.sealer.core.kubefile.Variables;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Instruction;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The base image that a request names, with the values of its arguments. */
public final class RequestedBase {
  private final BuildRequest request;
  private final @Nullable Platform wanted;
  private final Variables before;

  /** The base of a request for its first platform, or for that of the base. */
  public RequestedBase(BuildRequest request) {
    this(request, request.platforms().isEmpty() ? null : request.platforms().get(0));
  }

  /** The base for one platform of a request; null for that of the base. */
  RequestedBase(BuildRequest request, @Nullable Platform wanted) {
    this.request = request;
    this.wanted = wanted;
    Variables variables =
        Variables.of(wanted == null ? request.args() : TargetArgs.with(request.args(), wanted));
    for (Instruction instruction : request.kubefile().instructions()) {
      if (instruction instanceof Instruction.From) {
        break;
      }
      variables = variables.after(instruction);
    }
    this.before = variables;
  }

  /** Its name as the Kubefile has it, with variables replaced. */
  public String name() {
    Instruction.From from = request.kubefile().from();
    return before.substitute(from.image(), from).text();
  }

  /** Whether there is none. */
  public boolean isScratch() {
    return name().equals(BaseImages.SCRATCH);
  }

  Base find(BuildTools tools, LayerStore.Session session, Task task) {
    return new BaseImages(tools.store(), tools.names(), tools.pull())
        .find(name(), platform(), request.pullBase(), session, task);
  }

  /**
   * Finds it in the store, or pulls it.
   *
   * @param session protects it until it is closed
   * @return the image with its name; empty for scratch
   */
  public Optional<Names.Found> require(BuildTools tools, LayerStore.Session session, Task task) {
    Base base = find(tools, session, task);
    return base.reference()
        .map(
            reference ->
                new Names.Found(
                    reference,
                    tools
                        .names()
                        .find(reference)
                        .orElseThrow(
                            () ->
                                SealerException.builder(
                                        ErrorCode.INVALID_REQUEST,
                                        "the base image " + reference + " has no name in the store")
                                    .remedy("write FROM with a tag")
                                    .build())));
  }

  private @Nullable Platform platform() {
    Instruction.From from = request.kubefile().from();
    if (from.platform() == null) {
      return wanted;
    }
    String text = before.substitute(String.valueOf(from.platform()), from).text();
    try {
      return Platform.parse(text);
    } catch (IllegalArgumentException e) {
      throw SealerException.builder(
              ErrorCode.INVALID_KUBEFILE, from.position() + ": " + e.getMessage())
          .remedy("write it as --platform=linux/amd64")
          .cause(e)
          .build();
    }
  }
}
