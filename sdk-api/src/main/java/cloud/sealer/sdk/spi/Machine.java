package cloud.sealer.sdk.spi;

import cloud.sealer.sdk.Host;
import java.util.Objects;

/**
 * A machine that was made and can be logged in to.
 *
 * @param resource the resource it is
 * @param group the index of the group of the {@link cloud.sealer.sdk.InfrastructureSpec} that it
 *     was made for
 * @param host the address at which the other machines reach it, its roles, and how to log in
 */
public record Machine(MachineResource resource, int group, Host host) {
  /** Checks the parts. */
  public Machine {
    Objects.requireNonNull(resource, "resource");
    Objects.requireNonNull(host, "host");
  }
}
