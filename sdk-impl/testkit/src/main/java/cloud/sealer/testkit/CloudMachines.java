package cloud.sealer.testkit;

import java.io.IOException;
import java.util.Map;

/** Starts what the machines of an {@link EmbeddedCloud} really are. Thread-safe. */
@FunctionalInterface
public interface CloudMachines {
  /**
   * What a client asked for.
   *
   * @param name the name of the machine, which is to be its host name
   * @param publicKey a line of {@code authorized_keys}: who logs in as root
   * @param parameters all parameters of {@code RunInstances}
   */
  record Order(String name, String publicKey, Map<String, String> parameters) {
    /** Copies the parameters. */
    public Order {
      parameters = Map.copyOf(parameters);
    }
  }

  /** A machine that runs. */
  interface Started extends AutoCloseable {
    /**
     * Where it is.
     *
     * @return an IPv4 address that this host and the other machines reach it at
     */
    String address();

    /**
     * Where its SSH server listens.
     *
     * @return the port
     */
    int sshPort();

    /** Ends and removes it. */
    @Override
    void close();
  }

  /**
   * Starts a machine.
   *
   * @param order what it is to be
   * @return the machine, running or about to run
   * @throws IOException if it cannot be started
   */
  Started start(Order order) throws IOException;
}
