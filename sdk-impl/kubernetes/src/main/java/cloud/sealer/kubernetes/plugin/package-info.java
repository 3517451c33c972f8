/**
 * Plugins: read, checked, and told which hosts they are for.
 *
 * <p>Start with {@link cloud.sealer.kubernetes.plugin.PluginFiles} for those of an image, and
 * {@link cloud.sealer.kubernetes.plugin.PluginReader} for one document.
 */
@NullMarked
package cloud.sealer.kubernetes.plugin;

import org.jspecify.annotations.NullMarked;
