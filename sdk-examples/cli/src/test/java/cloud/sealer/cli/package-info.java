/** Tests of the command line: in this process, and of the finished program beside real tools. */
package cloud.sealer.cli;
