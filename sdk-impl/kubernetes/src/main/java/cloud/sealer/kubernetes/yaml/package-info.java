/**
 * YAML as trees, for texts of which neither places nor styles may be lost.
 *
 * <p>Start with {@link cloud.sealer.kubernetes.yaml.YamlReader} and {@link
 * cloud.sealer.kubernetes.yaml.YamlWriter}. Scalars stay texts, with a note whether they stood
 * there plain: what a plain {@code no}, {@code 0755} or {@code 1.20} means is decided by whoever
 * needs it, so that {@code no} can be the value of a variable and stays what it was where it is
 * handed on.
 */
@NullMarked
package cloud.sealer.kubernetes.yaml;

import org.jspecify.annotations.NullMarked;
