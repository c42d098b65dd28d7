using Drover.Agents;
using Drover.Api;
using Drover.Core;
using Drover.Server.Conformance;
using Xunit;

namespace Drover.Server.Tests.Conformance;

/// <summary>What is proven against a program is taken from its adapter; what its settings add stays, since the kit plays without them.</summary>
public sealed class ProvenAdapterTests
{
    private static readonly IReadOnlyDictionary<string, string> s_none = new Dictionary<string, string>();
    private static readonly IReadOnlyDictionary<string, string> s_waits = new Dictionary<string, string> { ["steers"] = "false" };
    private static readonly IReadOnlyDictionary<string, string> s_steers = new Dictionary<string, string> { ["steers"] = "true" };

    [Fact]
    public void What_was_found_not_to_work_is_done_without_whatever_the_settings_say()
    {
        var proven = ProvenAdapter.Of(Adapters.Find("acp")!, Against(KitStep.Resume, KitStep.Interrupt));

        foreach (var options in new[] { s_none, s_steers })
        {
            var can = proven.With(options);
            Assert.False(can.Resumes);
            Assert.False(can.Interrupts);
            Assert.True(can.AsksApproval);
        }
    }

    [Fact]
    public void What_only_the_settings_add_was_never_tried_and_stays()
    {
        var declared = Adapters.Find("acp")!;
        var proven = ProvenAdapter.Of(declared, Against(KitStep.Interrupt, KitStep.Steer));

        Assert.False(proven.With(s_none).SaysInsideTurn);
        Assert.True(proven.With(s_steers).SaysInsideTurn);
        Assert.Equal(Told(declared, SteerMode.Now, s_steers), Told(proven, SteerMode.Now, s_steers));
    }

    [Fact]
    public void What_is_said_for_now_waits_for_the_turns_end_where_the_program_was_seen_not_to_take_it()
    {
        var declared = Adapters.Find("claude")!;
        var proven = ProvenAdapter.Of(declared, Against(KitStep.Steer, KitStep.Interrupt));

        Assert.False(proven.With(s_none).SaysInsideTurn);
        Assert.NotEqual(Told(declared, SteerMode.Next, s_none), Told(declared, SteerMode.Now, s_none));
        Assert.Equal(Told(declared, SteerMode.Next, s_none), Told(proven, SteerMode.Now, s_none));
        Assert.Equal(Told(declared, SteerMode.Next, s_none), Told(proven, SteerMode.Interrupt, s_none));
    }

    [Fact]
    public void What_nobody_knew_of_a_program_counts_once_it_was_seen_and_its_settings_overrule_it()
    {
        var unknown = Adapters.Find("acp")!.For(["/bin/some"]);
        var seen = ProvenAdapter.Of(unknown, Against());

        Assert.False(unknown.With(s_none).SaysInsideTurn);
        Assert.False(ProvenAdapter.Of(unknown, Against(KitStep.Steer)).With(s_none).SaysInsideTurn);
        Assert.True(seen.With(s_none).SaysInsideTurn);
        Assert.False(seen.With(s_waits).SaysInsideTurn);
        Assert.Equal((true, false, false), (Steers(seen, s_none), Steers(seen, s_waits), Steers(unknown, s_none)));

        static bool Steers(IAdapter adapter, IReadOnlyDictionary<string, string> options) => adapter
            .Save(adapter.Plan(new(["/bin/some"], "/repo", "00000000-0000-4000-8000-000000000000", null, null, Sandboxed: true, options)).State).Json.Contains("\"Steers\":true", StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_is_itself_where_nothing_speaks_against_it()
    {
        var declared = Adapters.Find("claude")!;

        Assert.Same(declared, ProvenAdapter.Of(declared, new Proof.None()));
        Assert.Same(declared, ProvenAdapter.Of(declared, Against()));
    }

    /// <summary>What the machine has written and keeps, after a message that is said while its first prompt is on the way.</summary>
    private static string Told(IAdapter adapter, SteerMode mode, IReadOnlyDictionary<string, string> options)
    {
        var plan = adapter.Plan(new(["agent"], "/repo", "00000000-0000-4000-8000-000000000000", null, null, Sandboxed: true, options));
        var begun = adapter.Apply(plan.State, new Input.Begin());
        var hello = adapter.Apply(begun.State, new Input.Line("""{"type":"control_response","response":{"subtype":"success","request_id":"drover-hello","response":{}}}"""u8.ToArray()));
        var prompted = adapter.Apply(hello.State, new Input.Prompt(new("prompt"), "Do it."));
        var said = adapter.Apply(prompted.State, new Input.Say(new("said"), "And that.", mode));
        return adapter.Save(said.State) + string.Concat(said.Frames.Select(f => System.Text.Encoding.UTF8.GetString(f.Span)));
    }

    private static Proof.Fresh Against(params KitStep[] steps) => new(new CardJson(
        "some", "any", ["/bin/some"], "1.0", "mark", Kit.Number, DateTimeOffset.UnixEpoch, "none",
        [.. Enum.GetValues<KitStep>().Select(s => new CardStepJson(s.Word(), steps.Contains(s) ? "failed" : "passed", steps.Contains(s) ? "it did not" : null, []))]));
}
