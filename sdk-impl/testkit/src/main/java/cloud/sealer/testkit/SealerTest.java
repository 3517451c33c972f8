package cloud.sealer.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class a {@link cloud.sealer.sdk.Sealer} on a temporary store and an {@link
 * EmbeddedRegistry}, as parameters.
 *
 * <pre>{@code
 * @SealerTest
 * class MyTest {
 *   @Test
 *   void builds(Sealer sealer, EmbeddedRegistry registry) { … }
 * }
 * }</pre>
 *
 * <p>The same as {@code @ExtendWith(SealerExtension.class)}, which says what there is.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@ExtendWith(SealerExtension.class)
public @interface SealerTest {}
