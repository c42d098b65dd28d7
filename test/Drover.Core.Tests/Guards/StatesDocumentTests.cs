using System.Text;
using Xunit;

namespace Drover.Core.Tests.Guards;

public sealed class StatesDocumentTests
{
    private static readonly Dictionary<RunState, string> RunStates = new()
    {
        [RunState.Reserved] = "row, name, agent and attempt are taken; nothing exists yet",
        [RunState.Preparing] = "the worktree is being made",
        [RunState.Starting] = "keeper and agent are being started; the first prompt is not accepted yet",
        [RunState.Live] = "the agent has accepted the first prompt",
        [RunState.Stopping] = "the agent's process is being ended",
        [RunState.Settled] = "ended, with outcome, reason and actor",
    };

    private static readonly Dictionary<Outcome, string> Outcomes = new()
    {
        [Outcome.Succeeded] = "the turn ended well, and a coder's branch has a commit beyond its base",
        [Outcome.Failed] = "it did not; the class says why",
        [Outcome.Interrupted] = "the turn was broken off and the conversation can go on",
        [Outcome.Stopped] = "a principal ended it",
        [Outcome.Lost] = "its process or its output vanished: a power loss, another boot",
    };

    private static readonly Dictionary<FailureClass, string> Classes = new()
    {
        [FailureClass.Auth] = "the vendor does not accept the login or key",
        [FailureClass.RateLimit] = "too many requests for the moment",
        [FailureClass.UsageLimit] = "the account's allowance is used up until a time",
        [FailureClass.Overloaded] = "the vendor has no capacity",
        [FailureClass.Context] = "the conversation no longer fits the model",
        [FailureClass.MaxTurns] = "the bound on turns was reached",
        [FailureClass.Budget] = "the bound on cost was reached",
        [FailureClass.Refused] = "the model declined",
        [FailureClass.Connection] = "the vendor could not be reached, or the line broke",
        [FailureClass.Crashed] = "the agent's process ended by itself in the middle",
        [FailureClass.Killed] = "the agent's process was ended by a signal that Drover did not send",
        [FailureClass.Silent] = "no sign of life for longer than the limit, or a limit on time was reached",
        [FailureClass.Protocol] = "the agent broke its protocol, or never answered the handshake or the first prompt",
        [FailureClass.NoCommits] = "the turn ended well, but nothing was committed",
        [FailureClass.Other] = "none of these; the reason says what is known",
    };

    private static readonly Dictionary<Stage, string> StageWords = new()
    {
        [Stage.Backlog] = "written down; nobody has said go",
        [Stage.Ready] = "the go is given; waits for an agent",
        [Stage.Coding] = "a coder has it",
        [Stage.Review] = "coded; gates, review and approval",
        [Stage.Merging] = "being landed on the target branch",
        [Stage.Done] = "on the target branch",
        [Stage.Cancelled] = "given up",
    };

    private static readonly Dictionary<SteerState, string> SteerStates = new()
    {
        [SteerState.Queued] = "stored; not yet for the agent to read",
        [SteerState.Written] = "in the agent's input",
        [SteerState.Acknowledged] = "the agent has said that it read it",
        [SteerState.Refused] = "will not be delivered; the reason says why",
        [SteerState.Unknown] = "the agent ended after it was written and before it said that it had read it",
    };

    [Fact]
    public void The_page_of_states_says_what_the_code_says() => Source.Holds("docs/states.md", Page());

    private static string Page()
    {
        var page = new StringBuilder("""
            # States

            The words for where things stand, as they are spelt in rows, `--json`, the API and the page.
            A test writes this file from the code (`DROVER_WRITE_DOCS=1 ./dev test`); edit the code instead.

            ## Stages of a ticket

            | stage | meaning | may become |
            |---|---|---|

            """);
        foreach (var stage in Enum.GetValues<Stage>())
            page.Append($"| `{stage.Word()}` | {StageWords[stage]} | {(stage.IsFinal() ? "nothing: it is final" : List(stage.Next()))} |\n");
        page.Append("""

            Beside its stage a ticket may be blocked, with a reason, and held, by somebody and with a reason. A held ticket starts nothing and moves nowhere.
            It may depend on other tickets of its project: then no run of an agent that writes starts on it by itself until all of them are done. One that was cancelled will never be, and keeps it waiting
            until a human takes the dependency away; a human's own start does not wait.

            ## States of a run

            A run only moves forward in this order; it may pass over states, and `settled` is its end.


            """);
        Table(page, "state", RunStates);
        page.Append("""

            ## Outcomes

            Null until the run is settled. Every ending has a reason and an actor.


            """);
        Table(page, "outcome", Outcomes);
        page.Append("\n## Classes of failure\n\nThe same words for every vendor.\n\n");
        Table(page, "class", Classes);
        page.Append("""

            ## Status of a run

            What people are shown. It is never stored: it is derived from facts each time, by the first rule that applies.

            | | status | when |
            |---|---|---|

            """);
        foreach (var (rule, i) in StatusRules.InOrder.Select((r, i) => (r, i)))
            page.Append($"| {i + 1} | `{rule.Status.Word()}` | {rule.When} |\n");
        page.Append("\n## States of a message to a run\n\n");
        Table(page, "state", SteerStates);
        return page.ToString();
    }

    private static void Table<T>(StringBuilder page, string heading, Dictionary<T, string> meanings) where T : struct, Enum
    {
        page.Append($"| {heading} | meaning |\n|---|---|\n");
        foreach (var value in Enum.GetValues<T>()) page.Append($"| `{value.Word()}` | {meanings[value]} |\n");
    }

    private static string List<T>(IEnumerable<T> values) where T : struct, Enum => string.Join(", ", values.Select(v => $"`{v.Word()}`"));
}
