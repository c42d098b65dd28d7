using Drover.Node.Repositories;
using Drover.Node.Trees;
using Xunit;

namespace Drover.Server.Tests.Git;

public sealed class ScratchTests : IDisposable
{
    private readonly Sample sample = Sample.WithCommit();

    [Fact]
    public async Task A_salvage_leaves_nothing_in_the_scratch_directory_and_what_a_killed_server_left_there_is_cleared()
    {
        var directory = Path.Combine(sample.Path, "state", "scratch");
        var scratch = Scratch.At(directory);
        var git = Assert.IsType<GitProbe.Ready>(await Node.Repositories.Git.Find(TimeProvider.System, scratch, Sample.Cancellation)).Git;
        var repository = Assert.IsType<RepositoryOpening.Opened>(await Repository.Open(git, sample.Clone, Sample.Cancellation)).Repository;
        var made = await new Worktrees(repository, sample.Root).Make(Sample.Attempt.Directory, Sample.Attempt.Branch, sample.Tip("trunk"), Sample.Cancellation);
        var worktree = Assert.IsType<WorktreeMaking.Made>(made).Worktree;
        Sample.WriteIn(worktree.Path, "a.txt", "changed\n");

        Assert.NotNull(await new Salvage(repository).SaveUncommitted(worktree, Sample.Attempt, Sample.Cancellation));

        Assert.Empty(Directory.EnumerateFileSystemEntries(directory));

        Sample.WriteIn(directory, "salvage-of-a-killed-server/index", "x");
        scratch.Clear();
        Assert.False(Directory.Exists(directory));
    }

    public void Dispose() => sample.Dispose();
}
