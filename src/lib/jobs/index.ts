export { createJobs, type EnqueueOptions, type Jobs } from './jobs.ts';
export type { AnyTask, Job, JobStatus, Payload, Progress, Result, RunningJob, Task, TaskName, Tasks } from './task.ts';
export { startWorker, type Worker, type WorkerOptions } from './worker.ts';
