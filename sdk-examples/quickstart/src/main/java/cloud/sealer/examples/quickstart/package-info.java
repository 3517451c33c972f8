/**
 * The main job on embedded defaults: a cluster image is built, pushed, pulled, verified and
 * unpacked, and nothing but a JDK is needed for it.
 *
 * <p>{@link cloud.sealer.examples.quickstart.Quickstart} reads from top to bottom. The other
 * classes are what it stands on: the files it builds from, the container images it collects, and
 * what it prints.
 */
@NullMarked
package cloud.sealer.examples.quickstart;

import org.jspecify.annotations.NullMarked;
