package cloud.sealer.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images that are the values of parameters of the same document. */
class ParametersTest {
  private static Discovery read(String kind, String spec) {
    return Discovery.of(
        "manifests/a.yaml", "apiVersion: x.example.com/v1\nkind: " + kind + "\nspec: " + spec);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{params: [{name: B, default: 'q.io/b:1'}], steps: [{image: $(params.B)}]} | q.io/b:1",
        "{params: [{name: V, default: '2'}], steps: [{image: 'q.io/b:$(inputs.params.V)'}]} | q.io/b:2",
        "{inputs: {parameters: [{name: i, value: 'q.io/b:3'}]}, script: {image: '{{inputs.parameters.i}}'}} | q.io/b:3",
        "{parameters: [{name: i, value: b}], script: {image: 'q.io/{{ workflow.parameters.i }}:4'}} | q.io/b:4",
        "{parameters: [{name: TAG, value: '5'}], containers: [{image: 'q.io/b:${TAG}'}]} | q.io/b:5",
      })
  void areKnown(String spec, String image) {
    Discovery discovery = read("Task", spec);

    assertThat(discovery.found()).containsExactly(image);
    assertThat(discovery.unresolved()).isEmpty();
    assertThat(discovery.suspected()).isEmpty();
  }

  @Test
  void withoutValueOrWithTwoAreUnresolved() {
    assertThat(read("Task", "{params: [{name: B}], image: $(params.B)}").unresolved())
        .containsExactly("$(params.B)");
    assertThat(
            read(
                    "Workflow",
                    "{a: {parameters: [{name: i, value: 'q.io/a:1'}]},"
                        + " b: {parameters: [{name: i, value: 'q.io/b:1'}]},"
                        + " c: {parameters: [{name: i, value: 'q.io/a:1'}]},"
                        + " image: '{{inputs.parameters.i}}'}")
                .unresolved())
        .containsExactly("{{inputs.parameters.i}}");
  }
}
