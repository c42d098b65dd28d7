using Drover.Agents;
using Drover.Core;
using Drover.Server.Journaling;
using Xunit;

namespace Drover.Server.Tests.Runs;

/// <summary>A start that fails leaves nothing but its reason.</summary>
public sealed class RollbackTests
{
    private static readonly Plan Works = Plan.Of("edit: {path: x, content: y}", "commit: X");

    [Fact]
    [Trait("row", "A7")]
    [Trait("row", "A12")]
    [Trait("row", "K12")]
    public Task A_link_whose_source_is_missing() =>
        Fails(Works with { More = "symlinks: [not-there]" }, FailureClass.Other, "not-there");

    [Fact]
    [Trait("row", "A7")]
    [Trait("row", "A12")]
    [Trait("row", "A30")]
    [Trait("row", "K12")]
    public Task A_post_create_command_that_fails() =>
        Fails(Works with { More = "post_create: [\"echo out of luck; (sleep 600 & ) ; exit 3\"]" }, FailureClass.Other, "failed with exit code 3", "out of luck");

    [Fact]
    [Trait("row", "K12")]
    public Task An_agents_command_that_does_not_exist() =>
        Fails(Works with { Command = "[/nowhere/agent]" }, FailureClass.Other, "could not be run", "/nowhere/agent");

    [Fact]
    [Trait("row", "K12")]
    [Trait("row", "A12")]
    [Trait("row", "K10")]
    public Task An_agent_that_ends_before_its_handshake() =>
        Fails(Works with { Command = """[/bin/sh, -c, "echo no licence >&2; (setsid sleep 600 &); exit 5"]""" }, FailureClass.Crashed, "no licence");

    [Fact]
    [Trait("row", "K12")]
    [Trait("row", "A12")]
    public Task An_agent_that_never_answers() => Fails(
        Works with { Command = """[/bin/sh, -c, "sleep 600 & wait"]""", Options = o => o with { Adapter = name => new Impatient(Adapters.Find(name)!) } },
        FailureClass.Silent, "did not answer its handshake");

    [Fact]
    [Trait("row", "K12")]
    public Task An_agent_that_answers_and_does_not_take_up_its_prompt() => Fails(
        Plan.Program($"{Plan.Answer}\nsleep 600\n") with { Options = o => o with { Adapter = name => new Impatient(Adapters.Find(name)!) } },
        FailureClass.Silent, "did not take up its first prompt");

    [Fact]
    [Trait("row", "K12")]
    public async Task What_stands_where_the_worktree_is_to_be_stays_and_is_the_reason()
    {
        await using var shop = await Workshop.Open(Works);
        var key = await shop.File();
        var path = Path.Combine(shop.Home, "trees", "app", "APP-1.1");
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, "mine"), "kept");

        var run = await shop.Settled(await shop.Start(key));

        Assert.Equal(Outcome.Failed, run.Ending!.Outcome);
        Assert.Contains("is not a worktree", run.Ending.Reason, StringComparison.Ordinal);
        Assert.Equal("kept", File.ReadAllText(Path.Combine(path, "mine")));
        Assert.Equal("", shop.Branches());
        Directory.Delete(path, recursive: true);
        Assert.Equal(Outcome.Succeeded, (await shop.Settled(await shop.Start(key))).Ending!.Outcome);
    }

    [Fact]
    [Trait("row", "K12")]
    public async Task Work_that_was_committed_before_the_start_failed_is_saved()
    {
        await using var shop = await Workshop.Open(Works with { More = "post_create: [\"echo y > made && git add made && git commit -qm Made && exit 1\"]" });

        var run = await shop.Settled(await shop.Start());
        await Gone(shop, run);

        Assert.Contains("failed with exit code 1", run.Ending!.Reason, StringComparison.Ordinal);
        Assert.Contains("APP-1/1", shop.Salvaged(), StringComparison.Ordinal);
        Assert.Contains(shop.Events(run.Ticket!.Value), e => e.Type == EventTypes.SalvageSaved);
    }

    private static async Task Fails(Plan plan, FailureClass why, params string[] reasons)
    {
        await using var shop = await Workshop.Open(plan);
        var run = await shop.Settled(await shop.Start());
        await Gone(shop, run);

        Assert.True((Outcome.Failed, why) == (run.Ending!.Outcome, run.Ending.Class), shop.Describe(run));
        Assert.All(reasons, reason => Assert.Contains(reason, run.Ending.Reason, StringComparison.Ordinal));
        Assert.Null(run.Progress.AcceptedAt);
        Assert.Null(run.Conversation.VendorId);
        Assert.False(Directory.Exists(run.Worktree));
        Assert.Equal("", shop.Branches());
        Assert.Equal("", shop.Salvaged());
        Assert.Single(shop.Repository.Run("worktree", "list").Split('\n'));
        Assert.Empty(Workshop.Processes(run));
        Assert.All(shop.JobNames(), job => Assert.Empty(Workshop.Marked(job)));
        var ticket = shop.Ticket(run);
        Assert.Equal(Stage.Coding, ticket.Stage);
        Assert.Contains(reasons[0], ticket.Blocked?.Reason, StringComparison.Ordinal);

        // Name, agent and ticket are free again.
        shop.Configure(Works);
        shop.WriteScript(Works.Script);
        var again = await shop.Settled(await shop.Start(run.Ticket!.Value));
        Assert.Equal((Outcome.Succeeded, 2, run.Agent), (again.Ending!.Outcome, again.Attempt!.Value.Number, again.Agent));
        Assert.Null(shop.Ticket(run).Blocked);
    }

    private static Task Gone(Workshop shop, RunRow run) => Workshop.Until(() => shop.Attempt(run).ClosedAt is not null, () => shop.Describe(run));

    /// <summary>The vendor's adapter, in a hurry.</summary>
    private sealed class Impatient(IAdapter inner) : IAdapter
    {
        public string Name => inner.Name;

        public AdapterCapabilities Capabilities => inner.Capabilities;

        public Launch Plan(LaunchRequest request) => inner.Plan(request) with { StartUpBound = TimeSpan.FromSeconds(1), AcceptBound = TimeSpan.FromSeconds(1) };

        public Step Apply(MachineState state, Input input) => inner.Apply(state, input);

        public Checkpoint Save(MachineState state) => inner.Save(state);

        public MachineState? Load(Checkpoint checkpoint) => inner.Load(checkpoint);
    }
}
