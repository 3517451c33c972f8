package cloud.sealer.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.Sealer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

class SealerExtensionIT {
  /**
   * What must be gone when the classes below have run; checked after their extensions have cleaned
   * up.
   */
  private static final List<BooleanSupplier> GONE = new ArrayList<>();

  @RegisterExtension
  @Order(1)
  static final AfterAllCallback CHECK =
      context -> {
        if (context.getRequiredTestClass() == SealerExtensionIT.class) {
          assertThat(GONE).allMatch(BooleanSupplier::getAsBoolean);
        }
      };

  private static boolean refuses(String address) {
    try {
      new Http(address).get("/v2/");
      return false;
    } catch (IOException e) {
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterAll
  static void somethingWasUsed() {
    assertThat(GONE).isNotEmpty();
  }

  @Nested
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  class OneRegistryForEachTest {
    @RegisterExtension
    static final SealerExtension SEALER =
        new SealerExtension().sealers(builder -> new FakeSealer(() -> {}));

    @BeforeEach
    void useIt(EmbeddedRegistry registry) {
      assertThat(registry.tags("a")).isEmpty();
      ContainerImages.of("a", "1").build().putInto(registry);
    }

    @Test
    @Order(1)
    void partsBelongTogether(
        Sealer sealer,
        EmbeddedRegistry registry,
        RecordingListener listener,
        SealerEnvironment environment)
        throws IOException {
      assertThat(registry.tags("a")).containsExactly("1");
      assertThat(environment.sealer()).isSameAs(sealer);
      assertThat(environment.registry()).isSameAs(registry);
      assertThat(environment.listener()).isSameAs(listener);
      Sealer other = environment.sealer("other");
      assertThat(other).isNotSameAs(sealer).isSameAs(environment.sealer("other"));
      Path directory = environment.directory("context");
      Files.writeString(directory.resolve("file"), "x");
      assertThat(environment.store()).doesNotExist();
      String address = registry.address();
      GONE.add(() -> ((FakeSealer) sealer).closed && ((FakeSealer) other).closed);
      GONE.add(() -> !Files.exists(directory));
      GONE.add(() -> refuses(address));
    }

    @Test
    @Order(2)
    void nextTestBeginsAnew(EmbeddedRegistry registry) {
      assertThat(GONE).allMatch(BooleanSupplier::getAsBoolean);
      assertThat(registry.requests()).isEmpty();
    }
  }

  @Nested
  class OneRegistryForAllTests {
    @RegisterExtension static final SealerExtension SEALER = new SealerExtension().sharedRegistry();

    private static String address = "";

    @BeforeAll
    static void fill(EmbeddedRegistry registry) {
      ContainerImages.of("a", "1").build().putInto(registry);
      address = registry.address();
      GONE.add(() -> refuses(address));
    }

    @Test
    void isTheSame(EmbeddedRegistry registry) {
      assertThat(registry.tags("a")).containsExactly("1");
    }

    @Test
    void isStillTheSame(EmbeddedRegistry registry) {
      assertThat(registry.address()).isEqualTo(address);
    }
  }

  @Nested
  @SealerTest
  class ByAnnotation {
    @Test
    void registryIsGiven(EmbeddedRegistry registry) {
      assertThat(registry.requests()).isEmpty();
    }
  }

  @Test
  void failureWhileClosingIsToldAfterTheRest() {
    SealerEnvironment environment =
        new SealerEnvironment(
            EmbeddedRegistry.start(),
            true,
            builder ->
                new FakeSealer(
                    () -> {
                      throw new IllegalStateException("cannot close");
                    }));
    String address = environment.registry().address();
    Path directory = environment.directory("x");
    assertThat(environment.sealer()).isNotNull();
    assertThatThrownBy(environment::close).hasRootCauseMessage("cannot close");
    assertThat(refuses(address)).isTrue();
    assertThat(directory).doesNotExist();
  }

  @Test
  void environmentWorksWithoutJunit() {
    String address;
    try (SealerEnvironment environment = SealerEnvironment.create()) {
      address = environment.registry().address();
    }
    assertThat(refuses(address)).isTrue();
  }
}
