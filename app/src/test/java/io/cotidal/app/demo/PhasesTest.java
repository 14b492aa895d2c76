package io.cotidal.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class PhasesTest {
  private static StepRecord row(int sequence, String act, String member, long from, long to) {
    Step step = Step.act(act, new MemberId(member), act);
    return new StepRecord(
        sequence, step, 1, StepState.DONE, 1, Details.NONE, "", from * 1000, to * 1000);
  }

  @Test
  void stepsSideBySideCountOnceAndThePartsStandInOrder() {
    var operation =
        new Operation(
            new OperationId(new ResourceId("postgres", "orders"), 7),
            "failover",
            1,
            Details.NONE,
            Risk.IRREVERSIBLE,
            OperationState.DONE,
            "",
            "",
            "",
            "",
            Actor.COTIDAL,
            null,
            null,
            false,
            List.of(),
            600_000,
            0,
            610_000,
            900_000,
            List.of(
                row(1, "cut-off", "b", 620, 650),
                row(2, "cut-off", "c", 620, 680),
                row(3, "fence", "a", 690, 700),
                row(4, "promote", "c", 705, 850),
                row(5, "follow", "b", 855, 890)));
    assertThat(Phases.of(operation, 0, 905_000).toString())
        .isEqualTo("{detect=600, cut off=60, fence=10, promote=145, follow=35, first write=55}");
  }
}
