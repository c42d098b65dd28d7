using Drover.Api;
using Drover.Core;
using Drover.Server.Journaling;
using Drover.Server.Runs;

namespace Drover.Server.Inbox;

/// <summary>A question of an agent as the API shows it.</summary>
internal static class ApprovalView
{
    public static ApprovalJson Show(Db db, ApprovalRow row)
    {
        var (run, what) = (RunTable.Get(db, row.Run)!, row.What);
        return new(
            row.Id.Value, run.Id.Value, run.Name.Value, run.Project.Value, run.Ticket?.ToString(), run.Agent, row.Tool, what.Kind.Word(), what.Command, what.Files,
            what.Diff, what.Text, what.IsCut, row.State.Word(), row.By?.ToString(), row.Why, Delivered(row, run), row.AskedAt, row.SettledAt, ExpiresAt(db, row));
    }

    private static bool? Delivered(ApprovalRow row, RunRow run) =>
        row.TakenAt is not null ? row.FrameEnd is not null : run.State == RunState.Settled ? false : null;

    private static DateTimeOffset? ExpiresAt(Db db, ApprovalRow row) => row.State != ApprovalState.Pending ? null
        : row.AskedAt + (RunSettings.Parse(RunTable.OrderOf(db, row.Run)!.Settings).Approvals?.Timeout ?? ApprovalPolicy.UsualTimeout);
}
