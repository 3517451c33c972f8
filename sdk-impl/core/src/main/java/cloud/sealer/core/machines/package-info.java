/**
 * Machines that are made for somebody: the durable records of them, and what becomes of those that
 * a dead process left.
 *
 * <p>Decisions a newcomer may question:
 *
 * <ul>
 *   <li>Whether the process of a build lives is told by a lock on a file beside its record, which
 *       the kernel releases however the process ends; a number of a process would be used again,
 *       and says nothing about another machine.
 *   <li>The directory of records has an identifier of its own, which all resources carry as a
 *       label. So what is found by labels but in no record is known to be ours, and that its build
 *       is dead: the record of a living one is there, and locked.
 *   <li>The records of a cluster's machines lie beside the record of the cluster, so that one is
 *       not found without the other. Nobody holds a lock between two changes of a cluster; its
 *       machines are needed as long as the cluster is recorded, in whatever state.
 *   <li>{@code MachineRunner} gives the runner beneath nothing but hosts with addresses, reached in
 *       the provider's way only: the address of a machine that is gone may be somebody else's on
 *       the caller's own network.
 * </ul>
 */
@NullMarked
package cloud.sealer.core.machines;

import org.jspecify.annotations.NullMarked;
