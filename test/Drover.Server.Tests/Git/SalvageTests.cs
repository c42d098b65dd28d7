using Drover.Core;
using Drover.Node.Trees;
using Xunit;

namespace Drover.Server.Tests.Git;

public sealed class SalvageTests : IDisposable
{
    private readonly Sample sample = Sample.WithCommit();

    [Fact]
    public async Task Uncommitted_work_is_saved_without_touching_the_worktree()
    {
        var worktree = await sample.Make();
        Sample.WriteIn(worktree.Path, ".gitignore", "*.log\n");
        Sample.WriteIn(worktree.Path, "a.txt", "changed\n");
        sample.RunIn(worktree.Path, "add", "a.txt");
        Sample.WriteIn(worktree.Path, "a.txt", "changed again\n");
        File.Delete(Path.Combine(worktree.Path, "b.txt"));
        Sample.WriteIn(worktree.Path, "deep/new ü.txt", "untracked\n");
        Sample.WriteIn(worktree.Path, "noise.log", "ignored\n");
        Assert.Equal(0, Sample.Try(worktree.Path, "sh", "-c", "printf x > \"$(printf 'bytes\\377')\"").Exit);
        var before = sample.RunIn(worktree.Path, "status", "--porcelain");
        var salvage = new Salvage(worktree.Repository);

        var saved = Assert.IsType<Salvaged>(await salvage.SaveUncommitted(worktree, Sample.Attempt, Sample.Cancellation));

        Assert.Equal("APP-12/2/1", saved.Name);
        Assert.Equal(before, sample.RunIn(worktree.Path, "status", "--porcelain"));
        Assert.Equal("changed again", sample.Run("show", $"{saved.Commit}:a.txt"));
        Assert.Equal("changed", sample.Run("show", $"{saved.Commit}^2:a.txt"));
        Assert.Equal("untracked", sample.Run("show", $"{saved.Commit}:deep/new ü.txt"));
        var files = sample.Run("ls-tree", "-r", "--name-only", saved.Commit.Value);
        Assert.DoesNotContain("noise.log", files);
        Assert.DoesNotContain("b.txt", files);
        Assert.Contains("bytes\\377", files);
        Assert.Contains("+changed again", (await salvage.Show(saved, 10_000, Sample.Cancellation)).Text);
    }

    [Fact]
    public async Task A_clean_worktree_gives_no_salvage()
    {
        var worktree = await sample.Make();

        Assert.Null(await new Salvage(worktree.Repository).SaveUncommitted(worktree, Sample.Attempt, Sample.Cancellation));
        Assert.Empty(await new Salvage(worktree.Repository).List(null, Sample.Cancellation));
    }

    [Fact]
    public async Task Saving_the_same_twice_is_saving_it_once_and_other_work_gets_the_next_number()
    {
        var worktree = await sample.Make();
        var salvage = new Salvage(worktree.Repository);
        Sample.WriteIn(worktree.Path, "a.txt", "1\n");
        var first = await salvage.SaveUncommitted(worktree, Sample.Attempt, Sample.Cancellation);
        var again = await salvage.SaveUncommitted(worktree, Sample.Attempt, Sample.Cancellation);
        Sample.WriteIn(worktree.Path, "a.txt", "2\n");

        var second = await salvage.SaveUncommitted(worktree, Sample.Attempt, Sample.Cancellation);

        Assert.Equal(first, again);
        Assert.Equal("APP-12/2/2", second!.Name);
        Assert.Equal(2, (await salvage.List(Sample.Attempt, Sample.Cancellation)).Count);
        Assert.Empty(await salvage.List(new("APP-1", 2), Sample.Cancellation));
    }

    [Fact]
    public async Task A_conflicted_worktree_is_saved_as_its_files_stand()
    {
        var worktree = await sample.Make();
        Sample.WriteIn(worktree.Path, "a.txt", "theirs\n");
        sample.CommitIn(worktree.Path, "Theirs");
        sample.Write("a.txt", "ours\n");
        sample.Commit("Ours");
        Assert.NotEqual(0, Sample.Try(worktree.Path, "git", "merge", "-q", "trunk").Exit);

        var saved = Assert.IsType<Salvaged>(await new Salvage(worktree.Repository).SaveUncommitted(worktree, Sample.Attempt, Sample.Cancellation));

        Assert.Contains("<<<<<<<", sample.Run("show", $"{saved.Commit}:a.txt"));
        Assert.Equal("merge", (await Facts.Read(worktree, sample.Tip("trunk"), Sample.Cancellation)).Unfinished);
    }

    [Fact]
    public async Task The_files_of_a_repository_inside_the_worktree_are_saved_too()
    {
        var worktree = await sample.Make();
        var nested = Path.Combine(worktree.Path, "vendor ü", "lib");
        Directory.CreateDirectory(nested);
        sample.RunIn(nested, "init", "-q");
        Sample.WriteIn(nested, "src/code.c", "int x;\n");
        Assert.Equal(0, Sample.Try(nested, "mkfifo", "pipe").Exit);

        var saved = Assert.IsType<Salvaged>(await new Salvage(worktree.Repository).SaveUncommitted(worktree, Sample.Attempt, Sample.Cancellation));

        Assert.Equal("int x;", sample.Run("show", $"{saved.Commit}:vendor ü/lib/src/code.c"));
    }

    [Fact]
    public async Task Salvage_is_restored_into_a_new_branch_and_never_over_one()
    {
        var worktree = await sample.Make();
        Sample.WriteIn(worktree.Path, "a.txt", "rescued\n");
        var salvage = new Salvage(worktree.Repository);
        var saved = Assert.IsType<Salvaged>(await salvage.SaveUncommitted(worktree, Sample.Attempt, Sample.Cancellation));
        var trunk = sample.Tip("trunk");

        Assert.False(await salvage.Restore(saved, sample.Trunk, Sample.Cancellation));
        Assert.False(await salvage.Restore(saved, new("-bad"), Sample.Cancellation));
        Assert.True(await salvage.Restore(saved, new("rescued"), Sample.Cancellation));

        Assert.Equal(trunk, sample.Tip("trunk"));
        Assert.Equal("rescued", sample.Run("show", "rescued:a.txt"));
        Assert.Equal(saved, await salvage.Find("APP-12/2/1", Sample.Cancellation));
        Assert.Null(await salvage.Find("APP-12/2/9", Sample.Cancellation));
    }

    [Fact]
    public async Task What_an_agent_planted_in_its_git_directory_is_not_followed()
    {
        var worktree = await sample.Make();
        var precious = Path.Combine(sample.Path, "precious");
        File.WriteAllText(precious, "keep\n");
        foreach (var name in new[] { "drover-salvage-index", "drover-exclude", "drover-exclude.tmp", "index.lock" })
        {
            File.CreateSymbolicLink(Path.Combine(worktree.GitDir, name), precious);
        }

        Sample.WriteIn(worktree.Path, "a.txt", "dirty\n");
        Assert.NotNull(await new Salvage(worktree.Repository).SaveUncommitted(worktree, Sample.Attempt, Sample.Cancellation));

        Assert.Equal("keep\n", File.ReadAllText(precious));
    }

    public void Dispose() => sample.Dispose();
}
