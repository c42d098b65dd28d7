using Drover.Api;
using Xunit;

namespace Drover.EndToEnd.Killing;

/// <summary>What a scenario has left, and what must be true of it however often the server has died.</summary>
internal sealed record Aftermath(
    Site Site, Crew Crew, IReadOnlyList<RunJson> Runs, IReadOnlyList<TicketJson> Tickets, IReadOnlyList<(Work Work, string Text, SteerJson Steer)> Steers,
    IReadOnlyList<EventJson> Seen, IReadOnlyList<string> Kept, string Log)
{
    /// <summary>The tree of the target branch without the file that names the scenario's own directories, and how many commits lead to it.</summary>
    public (string Tree, string Commits) Main => (
        string.Join('\n', Site.Git("ls-tree", "-r", "main").Split('\n').Where(line => !line.EndsWith("\tdrover.yaml", StringComparison.Ordinal))),
        Site.Git("rev-list", "--count", "main"));

    public void IsWhole()
    {
        EverythingLanded();
        TheFeedHasNeitherGapNorRepetition();
        EveryMessageReachedItsAgentOnce();
        CommandsRanOnce();
        NothingIsLeftOver();
    }

    private void EverythingLanded()
    {
        Assert.Equal(Crew.All.Count, Runs.Count);
        Assert.All(Runs, run => Assert.True((run.State, run.Outcome) == ("settled", "succeeded"), $"{run.Ticket} {run.State} {run.Outcome} {run.Class} {run.Reason}\n{Log}"));
        Assert.All(Tickets, ticket => Assert.True(ticket.Stage == "done", $"{ticket.Key} {ticket.Stage} {ticket.Blocked}\n{Log}"));
        foreach (var (file, content) in Crew.All.SelectMany(Crew.Files)) Assert.Equal(content, Site.Git("show", $"main:{file}"));
        Site.Git("fsck", "--full", "--strict");
        Assert.Equal("", Site.Git("status", "--porcelain"));
    }

    private void TheFeedHasNeitherGapNorRepetition()
    {
        Assert.Equal(Seen.Select((_, n) => (long?)n + 1), Seen.Select(e => e.Seq));
        Assert.Equal(Kept.Take(Seen.Count), Seen.Select(e => e.Cursor!));
    }

    private void EveryMessageReachedItsAgentOnce()
    {
        foreach (var work in Crew.All) Assert.Equal(1, TimesSaid(work, work.Prompt));
        foreach (var (work, text, steer) in Steers)
        {
            Assert.Equal(1, TimesSaid(work, text));
            var fate = Assert.Single(Seen, e => e.Type is "steer.acknowledged" or "steer.refused" or "steer.unknown" && e.Data.GetProperty("steer").GetString() == steer.Id);
            Assert.Equal("steer.acknowledged", fate.Type);
            Assert.Equal(work.Key, fate.Ticket);
        }
    }

    private void CommandsRanOnce()
    {
        Assert.Equal(Crew.All.Count, Site.Noted("post_create").Count);
        Assert.Equal(Crew.All.Count, Site.Noted("post_create").Distinct().Count());
        Assert.Equal(Site.Noted("gates").Distinct(), Site.Noted("gates"));
        Assert.Contains(Site.Git("rev-parse", "main^{tree}"), Site.Noted("gates"));
        Assert.All(Crew.All, work => Assert.True(Site.Noted($"{work.Key}.began").Count <= 1, $"{work.Key} was begun again"));
    }

    private void NothingIsLeftOver()
    {
        Assert.Empty(Processes.Naming(Site.Root));
        Assert.Single(Site.Git("worktree", "list", "--porcelain").Split('\n'), line => line.StartsWith("worktree ", StringComparison.Ordinal));
        Assert.Empty(Inside("trees"));
        Assert.Empty(Inside("gates"));
        Assert.Equal("", Site.Git("for-each-ref", "--format=%(refname)", "refs/heads/drover"));
        var saved = Site.Git("for-each-ref", "--format=%(refname)", "refs/drover").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Crew.All.Where(w => w.LeavesDirt).Select(w => w.Key), saved.Select(r => r.Split('/')[3]).Distinct());
        using var journal = new Rows(Site.Home.Database);
        Assert.Equal("ok", journal.One("PRAGMA integrity_check"));
        Assert.Equal("0", journal.One("SELECT count(*) FROM frames"));
    }

    /// <summary>What lies in the projects' directories below one of the home's.</summary>
    private IEnumerable<string> Inside(string name)
    {
        var directory = Path.Combine(Site.Home.Path, name);
        return Directory.Exists(directory) ? Directory.EnumerateDirectories(directory).SelectMany(Directory.EnumerateFileSystemEntries) : [];
    }

    private int TimesSaid(Work work, string marker) => Crew.Messages(Site, work).Count(text => text.Contains(marker, StringComparison.Ordinal));
}
