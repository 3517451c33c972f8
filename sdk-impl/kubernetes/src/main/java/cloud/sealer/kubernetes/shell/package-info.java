/** Texts for the shells of hosts: {@link cloud.sealer.kubernetes.shell.ShellText}. */
@NullMarked
package cloud.sealer.kubernetes.shell;

import org.jspecify.annotations.NullMarked;
