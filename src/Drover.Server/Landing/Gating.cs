using Drover.Core;
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
    public static bool Passed(CommandConfig gate, IReadOnlyList<ReceiptRow> receipts) => Receipt(gate, receipts) is { Passed: true };

    /// <summary>Null when all gates have passed, or one of them was lost and has to run again; else the first that failed.</summary>
    public async Task<FailedGate?> Run(ProjectConfig config, CommitSha configFrom, CancellationToken ct)
    {
        var name = $"{landing.Ticket}-{landing.Id}";
        var checkout = await project.Checkouts.MakeClean(name, landing.New!.Value, ct) switch
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

        await project.Checkouts.Discard(name, ct);
        return failed;
    }

    private async Task<FailedGate?> Run(CommandConfig gate, SandboxConfig sandbox, CommitSha configFrom, Worktree checkout, CancellationToken ct)
    {
        var job = SideJob.IdOf($"gate {landing.Id} {gate.Name} {string.Join('\0', gate.Arguments)}");
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

    private static ReceiptRow? Receipt(CommandConfig gate, IReadOnlyList<ReceiptRow> receipts) =>
        receipts.FirstOrDefault(r => r.Gate == gate.Name && r.Command.SequenceEqual(gate.Arguments));

    private void Tell(Tx tx, string type, params ReadOnlySpan<(string, object?)> data) =>
        tx.Emit(type, new(landing.Project, landing.Ticket), Principal.Server("landing"), EventBody.Object([.. data, ("landing", landing.Id)]));
}
