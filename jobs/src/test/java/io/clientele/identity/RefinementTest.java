package io.clientele.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.identity.Refinement.Tie;
import org.junit.jupiter.api.Test;

class RefinementTest {
    @Test
    void aBridgeBetweenTwoGroupsIsCut() {
        Refinement refinement = all(6, -8);
        for (int[] pair : new int[][] {{0, 1}, {0, 2}, {1, 2}, {3, 4}, {3, 5}, {4, 5}}) {
            refinement.pair(pair[0], pair[1], 9, Tie.NONE);
        }
        refinement.pair(2, 3, 6, Tie.NONE);
        assertThat(refinement.customers()).containsExactly(0, 0, 0, 3, 3, 3);
    }

    @Test
    void aWeakPairIsCarriedByTheRestOfItsGroup() {
        Refinement refinement = all(3, 0);
        refinement.pair(0, 1, 9, Tie.NONE);
        refinement.pair(1, 2, 7, Tie.NONE);
        refinement.pair(0, 2, -4, Tie.NONE);
        assertThat(refinement.customers()).containsExactly(0, 0, 0);
    }

    @Test
    void aVetoHoldsAgainstWeightsAndAStewardAgainstIssuedNumbers() {
        Refinement vetoed = all(2, 15);
        vetoed.pair(0, 1, 15, Tie.VETO);
        assertThat(vetoed.customers()).containsExactly(0, 1);

        Refinement issued = all(3, -15);
        issued.pair(0, 1, -15, Tie.ISSUED);
        issued.pair(1, 2, -15, Tie.ISSUED);
        assertThat(issued.customers()).containsExactly(0, 0, 0);

        issued = all(3, -15);
        issued.pair(0, 1, -15, Tie.ISSUED);
        issued.pair(1, 2, -15, Tie.ISSUED);
        issued.pair(0, 2, 15, Tie.CANNOT);
        assertThat(issued.customers()).containsExactly(0, 0, 2);

        Refinement must = all(2, -15);
        must.pair(0, 1, -15, Tie.MUST);
        assertThat(must.customers()).containsExactly(0, 0);
    }

    @Test
    void aRecordThatFitsTwoCustomersEquallyStaysAlone() {
        Refinement refinement = all(3, 0);
        refinement.pair(0, 2, 9, Tie.NONE);
        refinement.pair(1, 2, 9, Tie.NONE);
        refinement.pair(0, 1, -12, Tie.NONE);
        assertThat(refinement.customers()).containsExactly(0, 1, 2);
        refinement = all(3, 0);
        refinement.pair(0, 2, 9, Tie.NONE);
        refinement.pair(1, 2, 5, Tie.NONE);
        refinement.pair(0, 1, -12, Tie.NONE);
        assertThat(refinement.customers()).as("one of them fits better").containsExactly(0, 1, 0);
    }

    private static Refinement all(int size, double bits) {
        Refinement refinement = new Refinement(size, -3);
        for (int a = 0; a < size; a++) {
            for (int b = a + 1; b < size; b++) {
                refinement.pair(a, b, bits, Tie.NONE);
            }
        }
        return refinement;
    }
}
