using System.Text;
using Drover.Core;
using Drover.Node.Merging;
using Drover.Node.Repositories;
using Drover.Node.Trees;
using Xunit;

namespace Drover.Server.Tests.Git;

public sealed class RepositoryTests : IDisposable
{
    private readonly Sample sample = Sample.WithCommit();

    [Fact]
    public async Task A_clone_is_opened_from_anywhere_in_it()
    {
        var repository = await sample.Open(Path.Combine(sample.Clone, "sub"));

        Assert.Equal(sample.Clone, repository.TopLevel);
        Assert.Equal(Path.Combine(sample.Clone, ".git"), repository.CommonDir);
        Assert.False(repository.IsBare);
        Assert.Equal(new BranchName("trunk"), await repository.DefaultBranch(Sample.Cancellation));
    }

    [Fact]
    public async Task A_clone_is_opened_through_a_link_and_from_a_linked_worktree()
    {
        var link = Path.Combine(sample.Path, "link");
        Directory.CreateSymbolicLink(link, sample.Clone);
        var linked = Path.Combine(sample.Path, "linked tree");
        sample.Run("worktree", "add", "-q", "-b", "other", linked);

        Assert.Equal(sample.Clone, (await sample.Open(link)).TopLevel);
        var opened = await sample.Open(linked);
        Assert.Equal(sample.Clone, opened.TopLevel);
        Assert.Equal(new BranchName("trunk"), await opened.DefaultBranch(Sample.Cancellation));
    }

    [Fact]
    public async Task A_detached_head_names_no_default_branch()
    {
        sample.Run("checkout", "-q", "--detach");

        Assert.Null(await (await sample.Open()).DefaultBranch(Sample.Cancellation));
    }

    [Fact]
    public async Task The_committer_is_the_last_one_that_the_configuration_names()
    {
        sample.Run("config", "user.name", "First");
        sample.Run("config", "--add", "user.name", "Last of  two ");
        sample.Run("config", "user.email", "last@example.org");

        Assert.Equal(new Committer("Last of  two", "last@example.org"), await Committer.Of(await sample.Open(), Sample.Cancellation));
    }

    [Fact]
    public async Task A_git_directory_may_lie_elsewhere()
    {
        var apart = Path.Combine(sample.Path, "apart");
        sample.RunIn(sample.Path, "clone", "-q", "--separate-git-dir", apart, sample.Clone, "separate");

        var repository = await sample.Open(Path.Combine(sample.Path, "separate"));

        Assert.Equal(Path.Combine(sample.Path, "separate"), repository.TopLevel);
        Assert.Equal(apart, repository.CommonDir);
    }

    [Fact]
    public async Task A_bare_repository_has_no_checkout()
    {
        var bare = Path.Combine(sample.Path, "bare.git");
        sample.RunIn(sample.Path, "clone", "-q", "--bare", sample.Clone, bare);

        var repository = await sample.Open(bare);

        Assert.True(repository.IsBare);
        Assert.Equal(bare, repository.CommonDir);
        Assert.Equal(new BranchName("trunk"), await repository.DefaultBranch(Sample.Cancellation));
    }

    [Fact]
    public async Task A_shallow_clone_is_known_as_one_and_works()
    {
        sample.Commit("Second");
        var shallow = Path.Combine(sample.Path, "shallow");
        sample.RunIn(sample.Path, "clone", "-q", "--depth", "1", $"file://{sample.Clone}", shallow);

        var repository = await sample.Open(shallow);
        var worktrees = new Worktrees(repository, sample.Root);
        var tip = Assert.NotNull(await repository.Resolve(sample.Trunk, Sample.Cancellation));

        Assert.True(repository.IsShallow);
        Assert.IsType<WorktreeMaking.Made>(await worktrees.Make(Sample.Attempt.Directory, Sample.Attempt.Branch, tip, Sample.Cancellation));
    }

    [Fact]
    public async Task What_cannot_be_used_is_refused_with_what_to_do()
    {
        var plain = Directory.CreateDirectory(Path.Combine(sample.Path, "plain")).FullName;
        using var empty = Sample.Empty();

        var missing = await sample.Refusal(Path.Combine(sample.Path, "nowhere"));
        var none = await sample.Refusal(plain);
        var inside = await sample.Refusal(Path.Combine(sample.Clone, ".git", "refs"));
        var unborn = await sample.Refusal(empty.Clone);

        Assert.Equal(RepositoryRefusal.NoDirectory, missing.Why);
        Assert.Equal(RepositoryRefusal.NotARepository, none.Why);
        Assert.Contains("git init", none.Advice);
        Assert.Equal(RepositoryRefusal.InsideGitDirectory, inside.Why);
        Assert.Equal(RepositoryRefusal.NoCommits, unborn.Why);
        Assert.Contains("git commit", unborn.Advice);
    }

    [Fact]
    public async Task A_repository_of_another_user_is_refused_with_the_command_that_trusts_it()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can give a directory to another user");
        Sample.Try("/", "chown", "-R", "65534", sample.Clone);

        var refused = await sample.Refusal(sample.Clone);

        Assert.Equal(RepositoryRefusal.UnsafeOwnership, refused.Why);
        Assert.Contains("safe.directory", refused.Advice);
    }

    [Fact]
    public async Task Names_resolve_to_commits_and_hostile_ones_to_nothing()
    {
        var repository = await sample.Open();
        sample.Run("tag", "-a", "-m", "v", "v1");
        sample.Run("pack-refs", "--all");

        Assert.Equal(sample.Tip("trunk"), await repository.Resolve(sample.Trunk, Sample.Cancellation));
        Assert.Equal(sample.Tip("trunk"), await repository.Resolve("v1", Sample.Cancellation));
        Assert.Equal(sample.Tip("trunk"), await repository.Resolve(sample.Tip("trunk").Value, Sample.Cancellation));
        foreach (var name in new[] { "nope", "--all", "-h", "trunk^{tree}", "a b", "trunk:a.txt", "@{-1}", ":/First", "", "trunk\n" })
        {
            Assert.Null(await repository.Resolve(name, Sample.Cancellation));
        }
    }

    [Theory]
    [InlineData("feature/ü", true)]
    [InlineData("a.b/c", true)]
    [InlineData("-x", false)]
    [InlineData("a..b", false)]
    [InlineData("a/.b", false)]
    [InlineData("a.lock/b", false)]
    [InlineData("a//b", false)]
    [InlineData("a/", false)]
    [InlineData("a@{b", false)]
    [InlineData("@", false)]
    [InlineData("HEAD", false)]
    [InlineData("a\u007fb", false)]
    [InlineData("a\\b", false)]
    [InlineData("a.", false)]
    public void Branch_names_follow_gits_own_rules(string name, bool fits)
    {
        Assert.Equal(fits, RefName.IsBranch(name));
        if (name != "HEAD" && name[0] != '-') Assert.Equal(fits, Sample.Try("/", "git", "check-ref-format", "--branch", name).Exit == 0 && name != "@");
    }

    [Fact]
    public async Task A_file_is_read_as_the_commit_has_it()
    {
        var repository = await sample.Open();
        var tip = sample.Tip("trunk");
        sample.Write("a.txt", "changed in the checkout\n");

        var found = Assert.IsType<CommittedFile.Present>(await repository.ReadFile(tip, "a.txt", 100, Sample.Cancellation));
        Assert.Equal("one\ntwo\nthree\n", Encoding.UTF8.GetString(found.Bytes));
        Assert.IsType<CommittedFile.Present>(await repository.ReadFile(tip, "sub/ç é.txt", 100, Sample.Cancellation));
        Assert.IsType<CommittedFile.Missing>(await repository.ReadFile(tip, "none.yaml", 100, Sample.Cancellation));
        Assert.IsType<CommittedFile.Missing>(await repository.ReadFile(tip, "sub", 100, Sample.Cancellation));
        Assert.Equal(14, Assert.IsType<CommittedFile.TooLarge>(await repository.ReadFile(tip, "a.txt", 5, Sample.Cancellation)).Bytes);
    }

    [Fact]
    public async Task Submodules_are_left_out_of_worktrees_and_no_obstacle_to_removal()
    {
        var other = Path.Combine(sample.Path, "other");
        sample.RunIn(sample.Path, "clone", "-q", sample.Clone, other);
        sample.Run("-c", "protocol.file.allow=always", "submodule", "add", "-q", other, "libs/other");
        sample.Commit("With a submodule");

        var worktree = await sample.Make();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(worktree.Path, "libs", "other")));
        sample.RunIn(worktree.Path, "-c", "protocol.file.allow=always", "submodule", "update", "-q", "--init");
        Assert.True(File.Exists(Path.Combine(worktree.Path, "libs", "other", "a.txt")));

        var removed = await (await sample.Worktrees()).Remove(Sample.Attempt.Directory, Sample.Attempt, Sample.Cancellation);

        Assert.Empty(removed.Saved);
        Assert.False(Directory.Exists(worktree.Path));
    }

    public void Dispose() => sample.Dispose();
}
