package cloud.sealer.kubernetes.step;

import cloud.sealer.sdk.Host;
import java.util.Objects;

/** The parts that every step has. */
public abstract class HostStep implements Step {
  private final String name;
  private final Host host;

  /**
   * A step.
   *
   * @param name what it does, unique among the steps of the host
   * @param host where it is executed
   */
  protected HostStep(String name, Host host) {
    this.name = Objects.requireNonNull(name, "name");
    this.host = Objects.requireNonNull(host, "host");
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Host host() {
    return host;
  }

  /** Returns where and what. */
  @Override
  public final String toString() {
    return host.address() + " " + name;
  }
}
