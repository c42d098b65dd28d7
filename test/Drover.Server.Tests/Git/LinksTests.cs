using Drover.Node.Merging;
using Drover.Node.Sandboxing;
using Drover.Node.Trees;
using Xunit;

namespace Drover.Server.Tests.Git;

public sealed class LinksTests : IDisposable
{
    private readonly Sample sample = Sample.WithCommit();

    private Task<string?> Place(Worktree worktree, params string[] paths) => Links.Place(worktree, paths, Sample.Cancellation);

    [Fact]
    [Trait("row", "A29")]
    public async Task Paths_of_the_main_checkout_are_linked_and_stay_out_of_facts_salvage_and_commits()
    {
        sample.Write("node_modules/x/index.js", "x\n");
        sample.Write("conf [1]/.env ü", "SECRET=1\n");
        var worktree = await sample.Make();

        Assert.Null(await Place(worktree, "node_modules/", "conf [1]/.env ü"));
        Assert.Null(await Place(worktree, "node_modules/", "conf [1]/.env ü"));

        Assert.Equal("x\n", File.ReadAllText(Path.Combine(worktree.Path, "node_modules", "x", "index.js")));
        Assert.Empty((await Facts.Read(worktree, sample.Tip("trunk"), Sample.Cancellation)).Uncommitted);
        Assert.Null(await new Salvage(worktree.Repository).SaveUncommitted(worktree, Sample.Attempt, Sample.Cancellation));
        var environment = await AgentGit.Environment(worktree, new("Agent", "agent@example.org"), Sample.Cancellation);
        string[] settings = [.. environment.Select(v => $"{v.Key}={v.Value}")];
        Assert.Equal(0, Sample.Try(worktree.Path, "env", [.. settings, "git", "add", "-A"]).Exit);
        Assert.Equal("", sample.RunIn(worktree.Path, "diff", "--cached", "--name-only"));
        Assert.DoesNotContain("node_modules", File.ReadAllText(Path.Combine(sample.Clone, ".git", "info", "exclude")));
    }

    [Fact]
    public async Task A_link_that_was_committed_after_all_is_a_fact()
    {
        sample.Write("node_modules/x/index.js", "x\n");
        var worktree = await sample.Make();
        Assert.Null(await Place(worktree, "node_modules"));
        sample.RunIn(worktree.Path, "add", "-f", "node_modules");
        sample.RunIn(worktree.Path, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "With the link");

        Assert.Equal(["node_modules"], (await Facts.Read(worktree, sample.Tip("trunk"), Sample.Cancellation)).CommittedLinks);
    }

    [Fact]
    public async Task The_users_own_list_of_ignored_files_stays_in_force()
    {
        var ignored = Path.Combine(sample.Path, "my ignored");
        File.WriteAllText(ignored, "*.swp\n");
        sample.Run("config", "core.excludesFile", ignored);
        sample.Write(".env", "x\n");
        var worktree = await sample.Make();
        Assert.Null(await Place(worktree, ".env"));
        Sample.WriteIn(worktree.Path, "a.swp", "x\n");

        Assert.Empty((await Facts.Read(worktree, sample.Tip("trunk"), Sample.Cancellation)).Uncommitted);
    }

    [Theory]
    [InlineData("/etc/passwd", "not a relative path")]
    [InlineData("../home", "'.' or '..'")]
    [InlineData("sub/./x", "'.' or '..'")]
    [InlineData("a//b", "empty part")]
    [InlineData("", "not a relative path")]
    [InlineData("a\nb", "not a relative path")]
    [InlineData(".git/config", "git's own")]
    [InlineData("missing", "is not in")]
    [InlineData("way-out/passwd", "leads out of")]
    [InlineData("a.txt", "in the commit itself")]
    [Trait("row", "A29")]
    public async Task A_path_that_may_not_be_linked_is_an_error_that_names_it(string path, string why)
    {
        Directory.CreateSymbolicLink(Path.Combine(sample.Clone, "way-out"), "/etc");
        var worktree = await sample.Make();

        Assert.Contains(why, await Place(worktree, path));
    }

    [Fact]
    public async Task A_link_is_never_placed_behind_a_link_of_the_commit()
    {
        var outside = Directory.CreateDirectory(Path.Combine(sample.Path, "outside")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(sample.Clone, "cfg"), outside);
        sample.Commit("A link in the tree");
        var worktree = await sample.Make();
        File.Delete(Path.Combine(sample.Clone, "cfg"));
        sample.Write("cfg/.env", "x\n");

        Assert.Contains("behind a link", await Place(worktree, "cfg/.env"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
    }

    [Fact]
    public async Task A_bare_repository_has_nothing_to_link_to()
    {
        var bare = Path.Combine(sample.Path, "bare.git");
        sample.RunIn(sample.Path, "clone", "-q", "--bare", sample.Clone, bare);
        var worktrees = new Worktrees(await sample.Open(bare), sample.Root);
        var making = await worktrees.Make(Sample.Attempt.Directory, Sample.Attempt.Branch, sample.Tip("trunk"), Sample.Cancellation);

        Assert.Contains("bare", await Place(Assert.IsType<WorktreeMaking.Made>(making).Worktree, "x"));
    }

    public void Dispose() => sample.Dispose();
}
