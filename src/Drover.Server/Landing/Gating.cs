using Drover.Core;
using Drover.Node.Containing;
using Drover.Node.Keeping;
using Drover.Node.Trees;
using Drover.Server.Config;
using Drover.Server.Journaling;
using Drover.Server.Projects;
using Drover.Server.Runs;

namespace Drover.Server.Landing;

/// <param name="Failure">How it failed, to follow its name in a sentence.</param>
internal sealed record FailedGate(string Gate, string Failure);

/// <summary>Runs the target branch's gates on exactly the tree that would land, in a clean checkout of it, and writes a receipt for each. A gate that has a
/// receipt for that tree does not run again.</summary>
internal sealed class Gating(RunPlace place, OpenProject project, LandingRow landing)
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    public static bool Passed(CommandConfig gate, IReadOnlyList<ReceiptRow> receipts) => Receipt(gate, receipts) is { Passed: true };

    private string Name => $"{landing.Ticket}-{landing.Id}";

    /// <summary>Null when all gates have passed, or one of them was lost and has to run again; else the first that failed.</summary>
    public async Task<FailedGate?> Run(ProjectConfig config, CommitSha configFrom, CancellationToken ct)
    {
        // A gate that a former server has started goes on in its checkout.
        var hasBegun = config.Gates.Any(g => Keeper.Look(place.Job(JobOf(g))) is not JobState.NotStarted);
        var making = hasBegun ? project.Checkouts.MakeDetached(Name, landing.New!.Value, ct) : project.Checkouts.MakeClean(Name, landing.New!.Value, ct);
        var checkout = await making switch
        {
            WorktreeMaking.Made made => made.Worktree,
            WorktreeMaking.Refused refused => throw new IOException($"the checkout for the gates cannot be made: {refused.Why}"),
            var other => throw new InvalidOperationException($"{other} is no way to make a worktree"),
        };
        FailedGate? failed = null;
        foreach (var gate in config.Gates)
        {
            if (Passed(gate, place.Journal.Read(db => ReceiptTable.Of(db, landing.Project, landing.Tree!.Value)))) continue;
            failed = await Run(gate, config.Sandbox, configFrom, checkout, ct);
            if (failed is not null) break;
        }

        await Clear(ct);
        return failed;
    }

    /// <summary>Takes the checkout away. Where the gates need not run any more, a server that died after them may have left it.</summary>
    public Task Clear(CancellationToken ct) => project.Checkouts.Discard(Name, ct);

    /// <summary>The same when nobody wants the result any more: a gate that a former server has started may still run.</summary>
    public async Task Abandon(ProjectConfig config, CancellationToken ct)
    {
        foreach (var job in config.Gates.Select(g => place.Job(JobOf(g))).Where(j => Keeper.Look(j) is not JobState.NotStarted))
            await Stopper.Stop(job, s_grace, place.Time, ct);
        await Clear(ct);
    }

    private async Task<FailedGate?> Run(CommandConfig gate, SandboxConfig sandbox, CommitSha configFrom, Worktree checkout, CancellationToken ct)
    {
        var job = JobOf(gate);
        await place.Journal.Do(Priority.Urgent, tx => Tell(tx, EventTypes.GateStarted, ("gate", gate.Name), ("job", job.Value)));
        var end = await new SideJob(place, job).Run(
            new(gate.Name, gate.Arguments, gate.Timeout), checkout, new(sandbox.Mode, sandbox.Read, sandbox.Write, sandbox.Network), () => false, ct);
        place.Crash.At(CrashPoint.GatesRun);
        if (end.IsLost) return null;
        await place.Journal.Do(Priority.Urgent, tx =>
        {
            ReceiptTable.Insert(tx, new(
                ReceiptTable.NextId(tx), landing.Project, landing.Tree!.Value, gate.Name, gate.Arguments, configFrom, end.Failure is null, end.Code, end.Took,
                job.Value, end.Output, tx.Now));
            Tell(tx, end.Failure is null ? EventTypes.GatePassed : EventTypes.GateFailed,
                ("gate", gate.Name), ("tree", landing.Tree!.Value.Value), ("exitCode", end.Code), ("milliseconds", (long)end.Took.TotalMilliseconds),
                ("output", end.Failure is null ? null : end.Output));
        });
        return end.Failure is { } failure ? new(gate.Name, failure) : null;
    }

    private RunId JobOf(CommandConfig gate) => SideJob.IdOf($"gate {landing.Id} {gate.Name} {string.Join('\0', gate.Arguments)}");

    private static ReceiptRow? Receipt(CommandConfig gate, IReadOnlyList<ReceiptRow> receipts) =>
        receipts.FirstOrDefault(r => r.Gate == gate.Name && r.Command.SequenceEqual(gate.Arguments));

    private void Tell(Tx tx, string type, params ReadOnlySpan<(string, object?)> data) =>
        tx.Emit(type, new(landing.Project, landing.Ticket), Principal.Server("landing"), EventBody.Object([.. data, ("landing", landing.Id)]));
}
