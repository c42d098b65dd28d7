using Drover.Node.Keeping;

namespace Drover.Node.Containing;

/// <param name="Unseen">Processes of this user, young enough to belong to the job, that could not be looked into.</param>
internal sealed record Found(IReadOnlyList<ProcessRow> Rows, int Unseen);

/// <summary>Finds the processes of a job by what they carry.</summary>
internal static class Search
{
    /// <summary>Those with the job's marker in their first environment.</summary>
    internal static Found Marked(JobDirectory job, ulong notBefore)
    {
        var rows = new List<ProcessRow>();
        var unseen = 0;
        foreach (var row in ProcessTable.Read().Values.Where(r => r.StartTime >= notBefore))
        {
            switch (ProcessTable.Marker(row.Pid, out var marker))
            {
                case Sight.Seen when marker == job.Id.Value: rows.Add(row); break;
                case Sight.Seen or Sight.Gone: break;
                case Sight.Refused: unseen += ProcessTable.User(row.Pid) == Native.UserId() ? 1 : 0; break;
            }
        }

        return new(rows, unseen);
    }
}
