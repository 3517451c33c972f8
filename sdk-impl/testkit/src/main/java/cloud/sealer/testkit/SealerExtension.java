package cloud.sealer.testkit;

import cloud.sealer.sdk.Sealer;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests what they need to work with the SDK, as parameters of test and {@code @BeforeEach}
 * methods:
 *
 * <ul>
 *   <li>{@link Sealer}: one on a temporary store, which reaches the registry over plain HTTP
 *   <li>{@link EmbeddedRegistry}: empty, one for each test unless {@linkplain #sharedRegistry
 *       shared}
 *   <li>{@link RecordingListener}: to give to calls
 *   <li>{@link EmbeddedSshHost}: a host of its own for each test
 *   <li>{@link SealerEnvironment}: all of these, more Sealers on other stores, and directories
 * </ul>
 *
 * <p>All of one test belong together; everything is made when it is first asked for, and closed and
 * deleted after the test. Tests may run at the same time. Used by {@link SealerTest}, or with
 * settings:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final SealerExtension SEALER =
 *     new SealerExtension().sharedRegistry().sealers(builder -> builder.concurrency(1).build());
 * }</pre>
 */
public final class SealerExtension implements BeforeAllCallback, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(SealerExtension.class);

  private static final Map<Class<?>, Function<SealerEnvironment, Object>> PARAMETERS =
      Map.of(
          SealerEnvironment.class, environment -> environment,
          Sealer.class, SealerEnvironment::sealer,
          EmbeddedRegistry.class, SealerEnvironment::registry,
          EmbeddedSshHost.class, SealerEnvironment::sshHost,
          RecordingListener.class, SealerEnvironment::listener);

  private final boolean shared;
  private final Supplier<EmbeddedRegistry> registries;
  private final Function<Sealer.Builder, Sealer> sealers;

  /** An extension with a registry for each test. */
  public SealerExtension() {
    this(false, EmbeddedRegistry::start, Sealer.Builder::build);
  }

  private SealerExtension(
      boolean shared,
      Supplier<EmbeddedRegistry> registries,
      Function<Sealer.Builder, Sealer> sealers) {
    this.shared = shared;
    this.registries = Objects.requireNonNull(registries, "registries");
    this.sealers = Objects.requireNonNull(sealers, "sealers");
  }

  /**
   * The same with one registry for all tests of a class, which {@code @BeforeAll} methods may have
   * as a parameter too.
   *
   * @return a copy, for a static field
   */
  public SealerExtension sharedRegistry() {
    return new SealerExtension(true, registries, sealers);
  }

  /**
   * The same with other registries, such as ones that ask for a password.
   *
   * @param factory starts a registry
   * @return a copy
   */
  public SealerExtension registries(Supplier<EmbeddedRegistry> factory) {
    return new SealerExtension(shared, factory, sealers);
  }

  /**
   * The same with other Sealers.
   *
   * @param factory adds settings to a builder that has a store and the registry, and builds
   * @return a copy
   */
  public SealerExtension sealers(Function<Sealer.Builder, Sealer> factory) {
    return new SealerExtension(shared, registries, factory);
  }

  /** Makes the place of a shared registry, so that it outlives the tests. */
  @Override
  public void beforeAll(ExtensionContext context) {
    if (shared) {
      sharedRegistry(context);
    }
  }

  private EmbeddedRegistry sharedRegistry(ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent("registry", key -> registries.get(), EmbeddedRegistry.class);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    boolean ofTest = context.getTestMethod().isPresent();
    return ofTest ? PARAMETERS.containsKey(type) : shared && type == EmbeddedRegistry.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    if (context.getTestMethod().isEmpty()) {
      return sharedRegistry(context);
    }
    SealerEnvironment environment =
        context
            .getStore(NAMESPACE)
            .getOrComputeIfAbsent(
                "environment", key -> environment(context), SealerEnvironment.class);
    return Objects.requireNonNull(PARAMETERS.get(parameter.getParameter().getType()))
        .apply(environment);
  }

  private SealerEnvironment environment(ExtensionContext context) {
    EmbeddedRegistry registry = shared ? sharedRegistry(context) : registries.get();
    return new SealerEnvironment(registry, !shared, sealers);
  }
}
