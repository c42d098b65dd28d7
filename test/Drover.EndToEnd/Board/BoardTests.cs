using Drover.Api;
using Drover.EndToEnd.Killing;
using Xunit;

namespace Drover.EndToEnd.Board;

/// <summary>A whole board is given the go at once and left alone.</summary>
public sealed class BoardTests
{
    [Fact]
    [Trait("row", "K34")]
    public async Task A_board_works_itself_off_with_an_agent_that_dies_and_a_server_that_is_killed_and_its_branch_is_green_all_the_way()
    {
        using var site = BoardSite.Make();
        await using var server = Server.Keep(site);
        var (person, feed) = (new Person(server), Subscriber.Of(server));
        try
        {
            var project = await person.Register(site.Repository);
            foreach (var key in BoardSite.Keys) await person.File(project.Id, $"Do {key}", BoardSite.Prompt(key), key == BoardSite.Red ? BoardSite.Steady : null);
            await Task.WhenAll(BoardSite.Keys.Select(key => Task.Run(() => person.Move(key, "ready"))));

            await Kill(server, feed, "coding", 3);
            await Kill(server, feed, "done", 4);
            await Eventually.True(() => Moved(feed, "done") == BoardSite.Tickets && feed.Events.Count(e => e.Type == "worktree.removed") == BoardSite.Tickets, () => $"every ticket is done:\n{Describe(server, feed)}");

            EveryRunIsAccountedFor(site, await person.Runs(), () => Describe(server, feed));
            Assert.All(await person.Tickets(), t => Assert.Equal(("done", null), (t.Stage, t.Blocked)));
            Assert.Equal(feed.Events.Select((_, n) => (long?)n + 1), feed.Events.Select(e => e.Seq));
            Assert.Equal(2, server.Deaths);
        }
        finally
        {
            await server.End();
            await feed.End();
            await Processes.End(site.Root);
        }

        TheBranchIsGreenAtEveryCommit(site);
    }

    /// <summary>Nothing failed but the shaky agent's first runs, nothing that was finished was begun again, and what the gate sent back went on in its conversation.</summary>
    private static void EveryRunIsAccountedFor(Site site, IReadOnlyList<RunJson> runs, Func<string> describe)
    {
        Assert.All(runs, r => Assert.Equal("settled", r.State));
        var killed = runs.Where(r => r.Outcome != "succeeded").ToList();
        Assert.All(killed, r => Assert.True((r.Agent, r.Outcome, r.Class) == (BoardSite.Shaky, "failed", "killed"), $"{r.Name} {r.Agent} {r.Outcome} {r.Class} {r.Reason}\n{describe()}"));
        Assert.NotEmpty(killed);
        Assert.Equal(Directory.EnumerateFiles(site.Shared, "*.killed").Select(Path.GetFileNameWithoutExtension).Order(), killed.Select(r => r.Ticket).Order());
        var succeeded = runs.Except(killed).OrderBy(r => r.CreatedAt).ToLookup(r => r.Ticket!);
        Assert.All(BoardSite.Keys, key => Assert.True(succeeded[key].Count() == (key == BoardSite.Red ? 2 : 1), describe()));
        var red = succeeded[BoardSite.Red].ToList();
        Assert.Equal((red[0].Id, red[0].Conversation), (red[1].ResumeOf, red[1].Conversation));
    }

    private static void TheBranchIsGreenAtEveryCommit(Site site)
    {
        var commits = site.Git("rev-list", "main").Split('\n');
        Assert.Equal(BoardSite.Tickets + 1, commits.Length);
        Assert.All(commits, commit => Assert.Equal(0, BoardSite.Gate(site, commit)));
        Assert.All(BoardSite.Keys, key => Assert.Equal("ok", site.Git("show", $"main:src/{key}.txt")));
        Assert.Single(site.Git("worktree", "list").Split('\n'));
        Assert.Equal("", site.Git("for-each-ref", "refs/heads/drover"));
    }

    private static async Task Kill(Server server, Subscriber feed, string stage, int tickets)
    {
        await Eventually.True(() => Moved(feed, stage) >= tickets, () => $"{tickets} tickets have come to {stage}:\n{Describe(server, feed)}");
        var before = server.Deaths;
        server.Kill();
        await Eventually.True(() => server.Deaths > before, () => "the server is dead");
    }

    private static int Moved(Subscriber feed, string stage) =>
        feed.Events.Where(e => e.Type == "ticket.moved" && e.Data.GetProperty("to").GetString() == stage).Select(e => e.Ticket).Distinct().Count();

    private static string Describe(Server server, Subscriber feed) =>
        $"{string.Join('\n', feed.Events.Where(e => e.Ticket is not null).Select(e => $"{e.Seq} {e.Type} {e.Ticket} {e.Run} {e.Data}"))}\n{server.Log}";
}
