/**
 * Compatibility kits: one abstract test class for each service interface that users may replace.
 *
 * <p>To check an implementation, extend the class named after its interface and say how to make
 * one; the inherited tests check what the interface documents.
 *
 * <pre>{@code
 * class MyLayerStoreTckTest extends LayerStoreTck {
 *   @Override
 *   protected LayerStore open(Path storage) {
 *     return new MyLayerStore(storage);
 *   }
 * }
 * }</pre>
 *
 * <p>The tests are package-private: they are not for calling or overriding, and may become more as
 * the contracts become more precise.
 */
@NullMarked
package cloud.sealer.testkit.tck;

import org.jspecify.annotations.NullMarked;
