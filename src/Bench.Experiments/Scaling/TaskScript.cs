namespace Bench.Experiments.Scaling;

/// <summary>The script of an array whose task i carries out run i of a list.</summary>
internal sealed class TaskScript(BatchHead head, Preparation ready, string list, string job, int tasks)
{
    /// <summary>All of it.</summary>
    /// <param name="folder">Where the list lies.</param>
    public string Text(string folder) => $$"""
        #!/bin/bash
        # Task i carries out run i of {{list}}; one that was interrupted goes on from its last checkpoint.
        # Written by 'bench submit' from
        {{ready.Origin.TrimEnd('\n')}}
        {{head.Array(job, tasks, Path.GetFileNameWithoutExtension(list)).TrimEnd('\n')}}

        {{ready.Lines}}

        read -r id label < <(sed -n "${SLURM_ARRAY_TASK_ID}p" {{ShellWord.Of(Path.Combine(folder, list))}})
        [[ -n $id ]] || exit 2
        echo "== task $SLURM_ARRAY_TASK_ID on $(hostname), start $((${SLURM_RESTART_COUNT:-0} + 1)): $id $label"

        # A minute before the time limit Slurm tells this script alone, and the job is still running. A job that is cancelled is not,
        # and the program has been told as well: a second time would end it without a checkpoint.
        # Asked for by array and index: the last task has the array's own number as its job, and asking for that lists all tasks.
        state() { squeue --noheader --jobs="${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" --format=%T 2> /dev/null; }
        limit=
        told() {
            case $(state) in
                RUNNING | '')
                    limit=reached
                    [[ -z $task ]] || kill -TERM "$task" 2> /dev/null
                    ;;
            esac
        }
        task=
        trap told TERM

        {{ready.Run}} &
        task=$!
        [[ -z $limit ]] || kill -TERM "$task"
        while kill -0 "$task" 2> /dev/null; do
            wait "$task" # A signal ends the wait, not the task.
        done
        wait "$task"
        code=$?

        # 130: it wrote a checkpoint and has more to do.
        if ((code == 130)) && [[ -n $limit && $(state) == RUNNING ]]; then
            echo "== the time is up; the task goes on in another one"
            scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" || echo "== Slurm does not start it again: run 'bench submit' once more"
        fi
        exit "$code"

        """;
}
